import { CopyOutlined, EditOutlined, LockOutlined } from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import { Button, Tooltip } from 'antd';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MaskedValue } from '../../access/masked-value.js';
import type { ReadField } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { isEmptyValue } from '../../fields/renderer.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { FieldValue } from '../../shared/field-value.js';
import { isComposing } from '../../shared/is-composing.js';
import { useCopy } from '../../shared/use-copy.js';
import { cleanText, faultOf } from '../values.js';
import styles from './detail.module.css';

interface Props {
  field: ReadField;
  value: Json | undefined;
  mayEdit: boolean;
  /** The record it is a field of: a masked value can be looked at. */
  of?: { formId: string; recordId: string };
  /** The record's own values lock the field at the moment. */
  locked?: boolean;
  /** Its control is open from the start and in sight. */
  begun?: boolean;
  /** `before`: the value when the edit began. Answers the sentence of a refusal, nothing when it was saved. */
  onSave: (field: ReadField, value: Json, before: Json) => Promise<string | undefined>;
}

/** One field of the page: its value, and its control when clicked. Enter or 保存 keeps, Escape leaves it as it was. */
export function FieldInPlace({ field, value, mayEdit, of, locked = false, begun = false, onSave }: Props) {
  const { t } = useTranslation('records');
  const copy = useCopy();
  const id = useId();
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const editable = mayEdit && !locked && field.writable && fieldRenderers[field.type].Editor !== undefined;
  const [draft, setDraft] = useState<{ value: Json; before: Json } | undefined>(() =>
    begun && editable ? { value: value ?? null, before: value ?? null } : undefined,
  );
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (begun) box.current?.scrollIntoView({ block: 'center' });
  }, [begun]);
  const fault = draft ? faultOf(field, draft.value) : undefined;

  function begin() {
    setDraft({ value: value ?? null, before: value ?? null });
    setRefusal('');
  }

  async function save() {
    if (!draft || fault || busy) return;
    setBusy(true);
    const failed = await onSave(field, draft.value, draft.before);
    setBusy(false);
    if (failed) setRefusal(failed);
    else setDraft(undefined);
  }

  function copyValue() {
    const text = cleanText(field, value);
    void copy(text, t('valueCopied', { text }));
  }

  const empty = isEmptyValue(value);
  return (
    <div className={styles.field} ref={box}>
      <label className={styles.label} htmlFor={id} id={`${id}-label`}>
        {field.name}
        {locked && mayEdit && (
          <Tooltip title={t('fieldLocked')}>
            <LockOutlined style={{ marginLeft: 4, fontSize: 11 }} aria-label={t('fieldLocked')} />
          </Tooltip>
        )}
        {field.rules?.required && <span style={{ color: 'var(--ant-color-error)' }}> *</span>}
      </label>
      {draft ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: listens for keys that bubble from the control inside
        <div
          className={styles.editor}
          onKeyDown={(event) => {
            if (isComposing(event.nativeEvent)) return;
            if (event.key === 'Escape') setDraft(undefined);
            const oneLine =
              event.target instanceof HTMLInputElement && event.target.getAttribute('role') !== 'combobox';
            if (event.key === 'Enter' && oneLine && field.type !== 'datetime' && field.type !== 'date') void save();
          }}
        >
          <FieldEditor
            id={id}
            field={field}
            value={draft.value}
            onChange={(next) => {
              setDraft({ value: next, before: draft.before });
              setRefusal('');
            }}
            autoFocus
            invalid={fault !== undefined || refusal !== ''}
          />
          <div style={{ display: 'flex', gap: 6, alignItems: 'center', marginTop: 6 }}>
            <Button
              size="small"
              type="primary"
              loading={busy}
              disabled={fault !== undefined}
              onClick={() => void save()}
            >
              {t('save')}
            </Button>
            <Button size="small" onClick={() => setDraft(undefined)}>
              {t('common:cancel')}
            </Button>
            {(refusal || fault) && (
              <span role="alert" style={{ color: 'var(--ant-color-error)' }}>
                {refusal || fault}
              </span>
            )}
          </div>
        </div>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the pencil is the button; the whole line is its larger target
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          className={editable ? `${styles.value} ${styles.editable}` : styles.value}
          onClick={(event) => {
            if (editable && window.getSelection()?.isCollapsed !== false && !(event.target as Element).closest('a'))
              begin();
          }}
        >
          <div aria-labelledby={`${id}-label`} role="note">
            {empty ? (
              <span className="muted">—</span>
            ) : field.masked && of ? (
              <MaskedValue formId={of.formId} recordId={of.recordId} field={field} value={value} />
            ) : (
              <FieldValue field={field} value={value} />
            )}
          </div>
          {!empty && cleanText(field, value) !== '' && (
            <Button
              className={styles.pencil ?? ''}
              type="text"
              size="small"
              icon={<CopyOutlined />}
              aria-label={t('copyValue', { name: field.name })}
              title={t('copyValue', { name: field.name })}
              onClick={(event) => {
                event.stopPropagation();
                copyValue();
              }}
            />
          )}
          {editable && (
            <Button
              className={styles.pencil ?? ''}
              type="text"
              size="small"
              icon={<EditOutlined />}
              aria-label={t('clickToEdit', { name: field.name })}
              onClick={(event) => {
                event.stopPropagation();
                begin();
              }}
            />
          )}
        </div>
      )}
    </div>
  );
}
