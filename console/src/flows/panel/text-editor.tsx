import { KeyOutlined, PlusOutlined } from '@ant-design/icons';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { ValueRef } from '@lianke/shared/flows/values';
import { Button, Dropdown, Popover } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { isComposing } from '../../shared/is-composing.js';
import { refKey, resolveRef, type Source } from '../model/sources.js';
import { RefList } from './ref-list.js';
import { type Caret, drawParts, insertPart, readCaret, readParts, type SendPart, type TextPart } from './text-parts.js';

interface Props<Part> {
  parts: readonly Part[];
  onChange: (parts: Part[]) => void;
  sources: readonly Source[];
  forms: readonly FormView[];
  label: string;
  placeholder?: string;
  /** Several lines: Enter makes a new one. */
  lines?: boolean;
}

const readable = (field: ReadField | undefined) => field !== undefined && fieldTypes[field.type].refers !== 'file';

/** A line of text, or several, with references in it as chips; @ (or the button) opens the list of fields at the caret. */
export function TextEditor({ onChange, ...rest }: Props<TextPart>) {
  // Without secrets to choose from there are none in the text.
  return <SendEditor {...rest} onChange={(parts) => onChange(parts as TextPart[])} />;
}

/** The same for a text that is sent elsewhere: secrets can be put in by name. */
export function SendEditor({
  parts,
  onChange,
  sources,
  forms,
  label,
  placeholder,
  lines = false,
  secrets,
}: Props<SendPart> & { secrets?: readonly string[] }) {
  const { t } = useTranslation('flows');
  const root = useRef<HTMLDivElement>(null);
  const caret = useRef<Caret>(undefined);
  const typed = useRef(0);
  const [open, setOpen] = useState(false);
  const nameOf = useCallback(
    (part: SendPart) => {
      if ('secret' in part) return t('outside.secretChip', { name: part.secret });
      return 'ref' in part ? (resolveRef(part.ref, sources, forms)?.label ?? t('say.gone')) : part.text;
    },
    [sources, forms, t],
  );
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const shown = readParts(element, lines);
    const names = [...element.querySelectorAll('.ref-chip')].map((chip) => chip.textContent);
    const wanted = parts.flatMap((part) => ('text' in part ? [] : [nameOf(part)]));
    // Redrawing moves the caret, so it is done only when the content came from elsewhere.
    if (JSON.stringify(shown) !== JSON.stringify(parts) || JSON.stringify(names) !== JSON.stringify(wanted)) {
      drawParts(element, parts, nameOf);
    }
  }, [parts, nameOf, lines]);

  const insert = (chosen: Exclude<SendPart, { text: string }>) => {
    const next = insertPart(parts, caret.current, chosen, typed.current);
    setOpen(false);
    onChange(next);
    const element = root.current;
    if (!element) return;
    drawParts(element, next, nameOf);
    const chip =
      'ref' in chosen
        ? element.querySelector(`[data-ref="${refKey(chosen.ref)}"]`)
        : [...element.querySelectorAll('[data-secret]')].at(-1);
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
          <RefList
            sources={sources}
            forms={forms}
            accepts={readable}
            onPick={(ref: ValueRef) => insert({ ref })}
            onClose={() => setOpen(false)}
          />
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: chips inside the text need an editable element */}
        <div
          ref={root}
          role="textbox"
          tabIndex={0}
          aria-label={label}
          aria-multiline={lines}
          contentEditable
          suppressContentEditableWarning
          spellCheck={false}
          className={`text-editor-box${parts.length === 0 ? ' empty' : ''}${lines ? ' lines' : ''}`}
          data-placeholder={placeholder ?? t('panel.textPlaceholder')}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isComposing(event.nativeEvent)) {
              event.preventDefault();
              if (lines) document.execCommand('insertLineBreak');
            }
            if (event.key === 'Escape' && open) {
              event.stopPropagation();
              setOpen(false);
            }
          }}
          onPaste={(event) => {
            event.preventDefault();
            paste(event.clipboardData.getData('text/plain'), lines);
          }}
          onInput={(event) => {
            const element = event.currentTarget;
            caret.current = readCaret(element, lines);
            const next = readParts(element, lines);
            const at = caret.current ? next[caret.current.index] : undefined;
            const before = at && 'text' in at && caret.current ? at.text.slice(0, caret.current.offset) : '';
            const asked = before.endsWith('@') || before.endsWith('＠');
            typed.current = asked ? 1 : 0;
            setOpen(asked);
            onChange(next);
          }}
          onBlur={(event) => {
            caret.current = readCaret(event.currentTarget, lines) ?? caret.current;
          }}
        />
      </Popover>
      <Button
        type="link"
        size="small"
        icon={<PlusOutlined />}
        onMouseDown={() => {
          if (root.current) caret.current = readCaret(root.current, lines) ?? caret.current;
          typed.current = 0;
        }}
        onClick={() => setOpen(true)}
      >
        {t('panel.insert')}
      </Button>
      {secrets && (
        <Dropdown
          trigger={['click']}
          menu={{
            'aria-label': t('outside.insertSecret'),
            items:
              secrets.length > 0
                ? secrets.map((name) => ({ key: name, label: name }))
                : [{ key: '', label: t('outside.noSecrets'), disabled: true }],
            onClick: ({ key }) => insert({ secret: key }),
          }}
        >
          <Button
            type="link"
            size="small"
            icon={<KeyOutlined />}
            onMouseDown={() => {
              if (root.current) caret.current = readCaret(root.current, lines) ?? caret.current;
              typed.current = 0;
            }}
          >
            {t('outside.insertSecret')}
          </Button>
        </Dropdown>
      )}
    </div>
  );
}

/** Puts plain text at the caret as if it were typed, so that the browser can undo it. */
function paste(text: string, lines: boolean): void {
  const rows = lines ? text.split(/\r\n?|\n/) : [text.replace(/\s+/g, ' ')];
  for (const [index, row] of rows.entries()) {
    if (index > 0) document.execCommand('insertLineBreak');
    if (row !== '') document.execCommand('insertText', false, row);
  }
}
