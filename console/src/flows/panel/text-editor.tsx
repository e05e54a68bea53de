import { PlusOutlined } from '@ant-design/icons';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { ValueRef } from '@lianke/shared/flows/values';
import { Button, Popover } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { refKey, resolveRef, type Source } from '../model/sources.js';
import { RefList } from './ref-list.js';
import { type Caret, drawParts, insertRef, readCaret, readParts, type TextPart } from './text-parts.js';

interface Props {
  parts: readonly TextPart[];
  onChange: (parts: TextPart[]) => void;
  sources: readonly Source[];
  forms: readonly FormView[];
  label: string;
  placeholder?: string;
}

const readable = (field: ReadField | undefined) => field !== undefined && fieldTypes[field.type].refers !== 'file';

/** A line of text with references in it as chips; @ (or the button) opens the list of fields at the caret. */
export function TextEditor({ parts, onChange, sources, forms, label, placeholder }: Props) {
  const { t } = useTranslation('flows');
  const root = useRef<HTMLDivElement>(null);
  const caret = useRef<Caret>(undefined);
  const typed = useRef(0);
  const [open, setOpen] = useState(false);
  const nameOf = useCallback(
    (ref: ValueRef) => resolveRef(ref, sources, forms)?.label ?? t('say.gone'),
    [sources, forms, t],
  );
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const shown = readParts(element);
    const names = [...element.querySelectorAll('.ref-chip')].map((chip) => chip.textContent);
    const wanted = parts.flatMap((part) => ('ref' in part ? [nameOf(part.ref)] : []));
    // Redrawing moves the caret, so it is done only when the content came from elsewhere.
    if (JSON.stringify(shown) !== JSON.stringify(parts) || JSON.stringify(names) !== JSON.stringify(wanted)) {
      drawParts(element, parts, nameOf);
    }
  }, [parts, nameOf]);

  const insert = (ref: ValueRef) => {
    const next = insertRef(parts, caret.current, ref, typed.current);
    setOpen(false);
    onChange(next);
    const element = root.current;
    if (!element) return;
    drawParts(element, next, nameOf);
    const chip = element.querySelector(`[data-ref="${refKey(ref)}"]`);
    element.focus();
    const range = document.createRange();
    if (chip) range.setStartAfter(chip);
    else range.selectNodeContents(element);
    range.collapse(true);
    document.getSelection()?.removeAllRanges();
    document.getSelection()?.addRange(range);
  };

  return (
    <div className="text-editor">
      <Popover
        open={open}
        onOpenChange={(next) => {
          if (!next) setOpen(false);
        }}
        trigger="click"
        placement="bottomLeft"
        arrow={false}
        destroyOnHidden
        styles={{ container: { padding: 0 } }}
        content={
          <RefList sources={sources} forms={forms} accepts={readable} onPick={insert} onClose={() => setOpen(false)} />
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: chips inside the text need an editable element */}
        <div
          ref={root}
          role="textbox"
          tabIndex={0}
          aria-label={label}
          aria-multiline={false}
          contentEditable
          suppressContentEditableWarning
          spellCheck={false}
          className={parts.length === 0 ? 'text-editor-box empty' : 'text-editor-box'}
          data-placeholder={placeholder ?? t('panel.textPlaceholder')}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault();
            if (event.key === 'Escape' && open) {
              event.stopPropagation();
              setOpen(false);
            }
          }}
          onPaste={(event) => {
            event.preventDefault();
            document.execCommand('insertText', false, event.clipboardData.getData('text/plain').replace(/\s+/g, ' '));
          }}
          onInput={(event) => {
            const element = event.currentTarget;
            caret.current = readCaret(element);
            const next = readParts(element);
            const at = caret.current ? next[caret.current.index] : undefined;
            const before = at && 'text' in at && caret.current ? at.text.slice(0, caret.current.offset) : '';
            const asked = before.endsWith('@') || before.endsWith('＠');
            typed.current = asked ? 1 : 0;
            setOpen(asked);
            onChange(next);
          }}
          onBlur={(event) => {
            caret.current = readCaret(event.currentTarget) ?? caret.current;
          }}
        />
      </Popover>
      <Button
        type="link"
        size="small"
        icon={<PlusOutlined />}
        onMouseDown={() => {
          if (root.current) caret.current = readCaret(root.current) ?? caret.current;
          typed.current = 0;
        }}
        onClick={() => setOpen(true)}
      >
        {t('panel.insert')}
      </Button>
    </div>
  );
}
