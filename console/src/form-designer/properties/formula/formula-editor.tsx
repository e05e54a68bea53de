import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { compile } from '@lianke/shared/formulas/compile';
import { cyclePath } from '@lianke/shared/formulas/cycle';
import { faultText } from '@lianke/shared/formulas/faults';
import { functionDocs } from '@lianke/shared/formulas/functions/docs';
import { functionOf } from '@lianke/shared/formulas/functions/registry';
import type { FormulaWorld } from '@lianke/shared/formulas/world';
import type { FormId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { api } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { currentLanguage } from '../../../i18n/index.js';
import { colon } from '../../../i18n/punctuation.js';
import { isComposing } from '../../../shared/is-composing.js';
import { useDebounced } from '../../../shared/use-debounced.js';
import { useText } from '../../i18n.js';
import { callAt, completionAt, type Suggestion } from '../../model/formula-completion.js';
import styles from './formula-editor.module.css';

interface Props {
  source: string;
  onChange: (source: string) => void;
  world: FormulaWorld;
  formId: string;
  fieldId: string;
  label: string;
  decimals: number;
  /** The published form whose records the formula is tried on; absent for rows of subforms. */
  trialForm?: FormId | undefined;
}

/** A formula as it is written: completed, explained, checked and tried while one types. Everything goes by keyboard. */
export function FormulaEditor({ source, onChange, world, formId, fieldId, label, decimals, trialForm }: Props) {
  const text = useText();
  const language = currentLanguage() === 'en' ? 'en' : 'zh';
  const listId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const done = useMemo(() => compile(source, world, formId), [source, world, formId]);
  const cycle = useMemo(() => cyclePath(world, formId, fieldId, source), [world, formId, fieldId, source]);
  const completion = open ? completionAt(source, caret, world, formId) : undefined;
  const items = completion?.items ?? [];
  const chosen = Math.min(at, items.length - 1);
  const help = items[chosen]?.kind === 'function' ? { name: items[chosen].name, argument: -1 } : callAt(source, caret);
  const faults = done.ok || source.trim() === '' ? [] : done.faults;

  function accept(item: Suggestion) {
    if (!completion) return;
    const rest = source.slice(caret);
    // The brace that closes a field is there already.
    const insert = item.insert.endsWith('}') && rest.startsWith('}') ? item.insert.slice(0, -1) : item.insert;
    const next = source.slice(0, completion.from) + insert + rest;
    const place = completion.from + item.insert.length;
    onChange(next);
    setCaret(place);
    setAt(0);
    setOpen(item.insert.endsWith('.'));
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(place, place);
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === ' ' && event.ctrlKey) setOpen(true);
    else if (items.length === 0) return;
    else if (event.key === 'ArrowDown') setAt((chosen + 1) % items.length);
    else if (event.key === 'ArrowUp') setAt((chosen + items.length - 1) % items.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && items[chosen]) accept(items[chosen]);
    else if (event.key === 'Escape') setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles.editor}>
      <div className={styles.box}>
        <pre className={styles.marks} aria-hidden>
          {marked(source, faults)}
        </pre>
        <textarea
          ref={box}
          className={`${styles.text} ${faults.length > 0 || cycle ? styles.faulty : ''}`}
          aria-label={label}
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={items.length > 0 ? `${listId}-${chosen}` : undefined}
          aria-invalid={faults.length > 0}
          maxLength={5000}
          rows={4}
          spellCheck={false}
          value={source}
          onChange={(event) => {
            onChange(event.target.value);
            setCaret(event.target.selectionStart);
            setOpen(true);
            setAt(0);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      {items.length > 0 && (
        <div id={listId} role="listbox" className={styles.list}>
          {items.map((item, index) => (
            <div
              key={`${item.kind}:${item.label}`}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={`${styles.item} ${index === chosen ? styles.chosen : ''}`}
              // The text keeps its focus.
              onMouseDown={(event) => {
                event.preventDefault();
                accept(item);
              }}
            >
              <span className={styles.kind}>{text(item.kind === 'field' ? 'formulaField' : 'formulaFunction')}</span>
              <span className="ellipsis">{item.label}</span>
            </div>
          ))}
        </div>
      )}
      {help && <Help {...help} language={language} />}
      {cycle && <Alert type="error" showIcon title={text('formulaCycle', { path: cycle.join(' → ') })} />}
      {!cycle &&
        faults.map((fault) => (
          <Alert
            key={`${fault.code}:${fault.at.start}`}
            type="error"
            title={`${source.slice(fault.at.start, fault.at.end) || '…'}${colon()}${faultText(fault, language)}`}
          />
        ))}
      {trialForm && done.ok && !cycle && <Trial formId={trialForm} expression={source} decimals={decimals} />}
    </div>
  );
}

/** The source with what is wrong underlined. */
function marked(source: string, faults: readonly { at: { start: number; end: number } }[]) {
  const [fault] = faults;
  if (!fault) return `${source}\n`;
  const end = Math.max(fault.at.end, fault.at.start + 1);
  return (
    <>
      {source.slice(0, fault.at.start)}
      <mark>{source.slice(fault.at.start, end) || ' '}</mark>
      {`${source.slice(end)}\n`}
    </>
  );
}

/** A function's arguments, the one at the caret in bold, what it does, and an example. */
function Help({ name, argument, language }: { name: string; argument: number; language: 'zh' | 'en' }) {
  const doc = functionDocs[name];
  if (!doc) return null;
  const args = doc.args[language].split(/\s*,\s*/);
  const here = argument < 0 ? -1 : Math.min(argument, args.length - 1);
  return (
    <div className={styles.help}>
      <div>
        <code>
          {name}(
          {args.map((arg, index) => (
            // Arguments are told apart by their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={index}>
              {index > 0 && ', '}
              {index === here ? <strong>{arg}</strong> : arg}
            </span>
          ))}
          )
        </code>{' '}
        {language === 'zh' && functionOf(name)?.zh[0]}
      </div>
      <div>{doc.text[language]}</div>
      <div className="muted">
        <code>{doc.example}</code> → {doc.result}
      </div>
    </div>
  );
}

/** What the formula gives on a record of the form; the records can be walked through. */
function Trial({ formId, expression, decimals }: { formId: FormId; expression: string; decimals: number }) {
  const text = useText();
  const [index, setIndex] = useState(0);
  const tried = useDebounced(expression, 400);
  const sample = useQuery({
    queryKey: [...keys.data(formId), 'formula-sample'],
    queryFn: () => api('records.query', { params: { formId }, body: { limit: 50, fields: [], total: false } }),
    staleTime: 60_000,
  });
  const records = sample.data?.items ?? [];
  const record = records[index];
  const trial = useQuery({
    queryKey: [...keys.data(formId), 'formula-trial', tried, record?.id ?? '', decimals],
    queryFn: () =>
      api('forms.tryFormula', {
        params: { formId },
        body: { expression: tried, decimals, ...(record ? { recordId: record.id } : {}) },
      }),
    enabled: tried.trim() !== '' && record !== undefined,
    retry: false,
  });
  if (sample.data && records.length === 0) return <div className={styles.trial}>{text('formulaNoSample')}</div>;
  if (!record || tried.trim() === '') return null;
  const fault = trial.data?.faults[0];
  return (
    <div className={styles.trial}>
      <Button
        size="small"
        type="text"
        icon={<LeftOutlined />}
        aria-label={text('formulaPrevious')}
        disabled={index === 0}
        onClick={() => setIndex(index - 1)}
      />
      <span className={styles.result} role="status">
        <span className="muted">
          {record.label || text('formulaRecord', { n: index + 1 })}
          {colon()}
        </span>
        {fault ? (
          <span className={styles.fault}>{fault.message}</span>
        ) : trial.isPending ? (
          '…'
        ) : (
          <strong>{trial.data?.result ?? text('formulaBlank')}</strong>
        )}
      </span>
      <Button
        size="small"
        type="text"
        icon={<RightOutlined />}
        aria-label={text('formulaNext')}
        disabled={index >= records.length - 1}
        onClick={() => setIndex(index + 1)}
      />
    </div>
  );
}
