import type { RichRun } from '@lianke/shared/fields/rich-text/document';
import { readHtml } from '@lianke/shared/fields/rich-text/html';
import { richPlainText } from '@lianke/shared/fields/rich-text/value';
import { Fragment, type ReactNode } from 'react';
import styles from './fields.module.css';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';
import { RichEditor } from './rich-editor.js';

function Run({ run }: { run: RichRun }) {
  let shown: ReactNode = run.text.split('\n').map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
    <Fragment key={index}>
      {index > 0 && <br />}
      {line}
    </Fragment>
  ));
  if (run.strike) shown = <s>{shown}</s>;
  if (run.underline) shown = <u>{shown}</u>;
  if (run.italic) shown = <em>{shown}</em>;
  if (run.bold) shown = <strong>{shown}</strong>;
  if (!run.href) return shown;
  return (
    <a href={run.href} target="_blank" rel="noreferrer noopener" onClick={(event) => event.stopPropagation()}>
      {shown}
    </a>
  );
}

/** A stored rich text as elements of our own making: nothing of it is ever put into the page as HTML. */
export function RichText({ html }: { html: string }) {
  const line = (runs: readonly RichRun[]) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: runs of a fixed text
    runs.map((run, index) => <Run key={index} run={run} />);
  return (
    <div className={styles.rich}>
      {readHtml(html).map((block, index) => {
        const Tag = block.tag;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a fixed text
          <Tag key={index}>
            {'runs' in block
              ? line(block.runs)
              : // biome-ignore lint/suspicious/noArrayIndexKey: items of a fixed text
                block.items.map((runs, at) => <li key={at}>{line(runs)}</li>)}
          </Tag>
        );
      })}
    </div>
  );
}

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <RichText html={String(value)} />;
}

function Editor({ field, value, onChange, id, label, disabled, invalid }: EditorProps) {
  return (
    <RichEditor
      id={id}
      label={label ?? field.name}
      value={typeof value === 'string' ? value : ''}
      onChange={(html) => onChange(html === '' ? null : html)}
      disabled={disabled ?? false}
      invalid={invalid ?? false}
    />
  );
}

export const richText: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (isEmptyValue(value) ? '' : richPlainText(String(value))),
  inCell: false,
  width: 260,
};
