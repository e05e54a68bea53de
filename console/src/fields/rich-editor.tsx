import {
  BoldOutlined,
  ItalicOutlined,
  LinkOutlined,
  OrderedListOutlined,
  StrikethroughOutlined,
  UnderlineOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { isSafeHref } from '@lianke/shared/fields/rich-text/document';
import { readHtml, writeHtml } from '@lianke/shared/fields/rich-text/html';
import { linesDocument } from '@lianke/shared/fields/rich-text/value';
import { Button, Input, Popover, Tooltip } from 'antd';
import { type ClipboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './fields.module.css';

interface Props {
  id: string | undefined;
  label: string;
  value: string;
  onChange: (html: string) => void;
  disabled: boolean;
  invalid: boolean;
}

const tools: { command: string; argument?: string; key: string; icon: ReactNode }[] = [
  { command: 'formatBlock', argument: 'h2', key: 'heading', icon: <b>H</b> },
  { command: 'formatBlock', argument: 'blockquote', key: 'quote', icon: <b>“</b> },
  { command: 'bold', key: 'bold', icon: <BoldOutlined /> },
  { command: 'italic', key: 'italic', icon: <ItalicOutlined /> },
  { command: 'underline', key: 'underline', icon: <UnderlineOutlined /> },
  { command: 'strikeThrough', key: 'strike', icon: <StrikethroughOutlined /> },
  { command: 'insertUnorderedList', key: 'bullets', icon: <UnorderedListOutlined /> },
  { command: 'insertOrderedList', key: 'numbers', icon: <OrderedListOutlined /> },
];

const clean = (html: string) => writeHtml(readHtml(html));

/**
 * Edits a rich text in place. What is typed or pasted is read through the same sanitiser as on the server before anyone
 * else sees it; the page shows only what came out of it.
 */
export function RichEditor({ id, label, value, onChange, disabled, invalid }: Props) {
  const { t } = useTranslation('fields');
  const box = useRef<HTMLDivElement>(null);
  const mine = useRef<string | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const range = useRef<Range | null>(null);

  useEffect(() => {
    // One's own typing must not be written back: the cursor would jump.
    if (!box.current || mine.current === value) return;
    box.current.innerHTML = clean(value);
    mine.current = value;
  }, [value]);

  function read() {
    const html = clean(box.current?.innerHTML ?? '');
    mine.current = html;
    onChange(html);
  }

  function run(command: string, argument?: string) {
    box.current?.focus();
    const inBlock = argument && document.queryCommandValue(command).toLowerCase() === argument;
    document.execCommand(command, false, inBlock ? 'p' : argument);
    read();
  }

  function paste(event: ClipboardEvent) {
    event.preventDefault();
    const html = event.clipboardData.getData('text/html');
    const text = event.clipboardData.getData('text/plain');
    const document_ = html === '' ? linesDocument(text) : readHtml(html);
    const [only] = document_;
    const oneLine = document_.length === 1 && only && 'runs' in only && only.tag === 'p';
    document.execCommand(
      'insertHTML',
      false,
      oneLine ? writeHtml(document_).replace(/^<p>|<\/p>$/g, '') : writeHtml(document_),
    );
    read();
  }

  function setHref() {
    const href = (link ?? '').trim();
    const full = /^[a-z][a-z0-9+.-]*:/i.test(href) ? href : `https://${href}`;
    setLink(null);
    if (href !== '' && !isSafeHref(full)) return;
    const selection = window.getSelection();
    if (range.current && selection) {
      selection.removeAllRanges();
      selection.addRange(range.current);
    }
    box.current?.focus();
    document.execCommand(href === '' ? 'unlink' : 'createLink', false, full);
    read();
  }

  return (
    <div className={`${styles.editor} ${invalid ? styles.editorBad : ''}`}>
      {!disabled && (
        <div className={styles.tools} role="toolbar" aria-label={t('richTools')}>
          {tools.map(({ command, argument, key, icon }) => (
            <Tooltip key={key} title={t(`rich.${key}`)}>
              <Button
                type="text"
                size="small"
                icon={icon}
                aria-label={t(`rich.${key}`)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => run(command, argument)}
              />
            </Tooltip>
          ))}
          <Popover
            trigger="click"
            open={link !== null}
            onOpenChange={(open) => {
              const selection = window.getSelection();
              range.current = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
              setLink(open ? 'https://' : null);
            }}
            content={
              <Input.Search
                autoFocus
                style={{ width: 280 }}
                aria-label={t('rich.link')}
                value={link ?? ''}
                enterButton={t('common:ok')}
                onChange={(event) => setLink(event.target.value)}
                onSearch={setHref}
              />
            }
          >
            <Button type="text" size="small" icon={<LinkOutlined />} aria-label={t('rich.link')} />
          </Popover>
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a text area cannot show bold or lists */}
      <div
        ref={box}
        id={id}
        role="textbox"
        tabIndex={disabled ? -1 : 0}
        aria-multiline
        aria-label={label}
        aria-invalid={invalid}
        className={`${styles.rich} ${styles.sheet}`}
        contentEditable={!disabled}
        suppressContentEditableWarning
        onInput={read}
        onBlur={read}
        onPaste={paste}
        onDrop={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.stopPropagation();
        }}
      />
    </div>
  );
}
