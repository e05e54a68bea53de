import type { MergeBody, MergePreview } from '@lianke/shared/duplicates/api';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { useQuery } from '@tanstack/react-query';
import { Alert, Checkbox, Modal, Radio, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { fieldMessagesOf, messageOf } from '../api/errors.js';
import type { FormView, ReadField } from '../api/queries.js';
import { colon, comma, semicolon } from '../i18n/punctuation.js';
import { FieldValue } from '../shared/field-value.js';
import { formatDatetime } from '../shared/format.js';
import styles from './duplicates.module.css';
import { type Text, useText } from './i18n.js';
import { useMerge } from './use-merge.js';

interface Props {
  form: FormView;
  ids: readonly string[];
  open: boolean;
  onClose: () => void;
  onMerged?: (keep: string) => void;
}

export const mostMerged = 10;

/** The records side by side: which one stays, and of each field whose value wins. */
export function MergeDialog({ form, ids, open, onClose, onMerged }: Props) {
  const text = useText();
  const merge = useMerge(form.id);
  const [keep, setKeep] = useState<string>();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [different, setDifferent] = useState(true);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const preview = useQuery({
    queryKey: ['merge', form.id, ids],
    queryFn: () =>
      api('duplicates.mergePreview', { params: { formId: form.id as FormId }, body: { ids: [...ids] as RecordId[] } }),
    enabled: open && ids.length > 1,
    staleTime: 0,
    gcTime: 0,
  });
  const records = preview.data?.records ?? [];
  const kept = keep ?? fullest(records);
  const locked = (preview.data?.locked.length ?? 0) > 0;

  async function submit() {
    if (!kept) return;
    setBusy(true);
    setFailure('');
    try {
      const values: MergeBody['values'] = {};
      for (const [field, from] of Object.entries(chosen))
        if (from !== kept) values[field] = from as MergeBody['values'][string];
      await merge({
        keep: kept as RecordId,
        others: ids.filter((id) => id !== kept) as RecordId[],
        values,
        versions: Object.fromEntries(records.map((record) => [record.id, record.version])),
      });
      onMerged?.(kept);
      onClose();
    } catch (error) {
      const fields = Object.entries(fieldMessagesOf(error)).map(
        ([key, reason]) => `${form.fields.find((field) => field.key === key)?.name ?? key}${colon()}${reason}`,
      );
      setFailure(fields.length > 0 ? fields.join(semicolon()) : messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open={open}
      width={Math.min(1100, 280 + ids.length * 240)}
      title={text('mergeTitle', { n: ids.length })}
      okText={text('merge')}
      okButtonProps={{ disabled: !kept || locked || preview.isPending, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
      afterClose={() => {
        setKeep(undefined);
        setChosen({});
        setFailure('');
      }}
      destroyOnHidden
    >
      <p className="muted" style={{ marginTop: 0 }}>
        {text('mergeHint')}
      </p>
      {preview.isPending && <Skeleton active />}
      {preview.error && <Alert type="error" showIcon title={messageOf(preview.error)} />}
      {locked && <Alert type="warning" showIcon title={text('locked')} style={{ marginBottom: 12 }} />}
      {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 12 }} />}
      {preview.data && kept && (
        <>
          <Checkbox checked={different} onChange={(event) => setDifferent(event.target.checked)}>
            {text('onlyDifferent')}
          </Checkbox>
          <Compare
            form={form}
            preview={preview.data}
            kept={kept}
            chosen={chosen}
            different={different}
            onKeep={(id) => {
              setKeep(id);
              setChosen({});
            }}
            onChoose={(key, from) => setChosen({ ...chosen, [key]: from })}
          />
        </>
      )}
    </Modal>
  );
}

function Compare({
  form,
  preview,
  kept,
  chosen,
  different,
  onKeep,
  onChoose,
}: {
  form: FormView;
  preview: MergePreview;
  kept: string;
  chosen: Record<string, string>;
  different: boolean;
  onKeep: (id: string) => void;
  onChoose: (key: string, from: string) => void;
}) {
  const text = useText();
  const { records } = preview;
  const fields = form.fields.filter(
    (field) =>
      field.writable &&
      field.type !== 'autonumber' &&
      field.type !== 'subform' &&
      // A value that is not seen cannot be chosen: the kept record's stays.
      !records.some((record) => record.masked?.includes(field.key)) &&
      (!different || !allSame(records, field)),
  );
  return (
    <div className={styles.scroll}>
      <table className={styles.compare}>
        <thead>
          <tr>
            <th scope="col" aria-label={text('field')} />
            {records.map((record, index) => (
              <th key={record.id} scope="col" data-kept={record.id === kept}>
                <Radio checked={record.id === kept} onChange={() => onKeep(record.id)}>
                  {text('keep')}
                </Radio>
                <div className="ellipsis" title={record.label}>
                  {record.label || text('recordN', { n: index + 1 })}
                </div>
                {typeof record.values.createdAt === 'string' && (
                  <div className={styles.small}>
                    {text('created', { time: formatDatetime(record.values.createdAt) })}
                  </div>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.length === 0 && (
            <tr>
              <td colSpan={records.length + 1} className="muted">
                {text('allSame')}
              </td>
            </tr>
          )}
          {fields.map((field) => (
            <tr key={field.key}>
              <th scope="row">
                {field.name}
                {many(field) && (
                  <div>
                    <Checkbox
                      checked={chosen[field.key] === 'all'}
                      onChange={(event) => onChoose(field.key, event.target.checked ? 'all' : kept)}
                    >
                      <span className={styles.small}>{text('keepAll')}</span>
                    </Checkbox>
                  </div>
                )}
              </th>
              {records.map((record) => {
                const all = chosen[field.key] === 'all';
                const on = all || (chosen[field.key] ?? kept) === record.id;
                return (
                  <td key={record.id} data-on={on}>
                    <Radio
                      checked={on}
                      aria-label={`${field.name} ${record.label}`}
                      onChange={() => onChoose(field.key, record.id)}
                    >
                      <span className={styles.value}>
                        {empty(record, field) ? (
                          <span className="muted">{text('empty')}</span>
                        ) : (
                          <FieldValue field={field} value={record.values[field.key] ?? null} />
                        )}
                      </span>
                    </Radio>
                  </td>
                );
              })}
            </tr>
          ))}
          <tr>
            <th scope="row">{text('hanging')}</th>
            {records.map((record) => (
              <td key={record.id} className={styles.small}>
                {hangingOf(text, preview, record.id)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function hangingOf(text: Text, preview: MergePreview, id: string): string {
  const hanging = preview.hanging[id];
  if (!hanging) return '';
  const parts = [
    ...hanging.related.map((item) => text('related', { form: item.formName, n: item.count })),
    ...(hanging.comments > 0 ? [text('comments', { n: hanging.comments })] : []),
    ...(hanging.approvals > 0 ? [text('approvals', { n: hanging.approvals })] : []),
  ];
  return parts.length > 0 ? parts.join(comma()) : text('hangingNone');
}

const lists = ['tags', 'multiSelect', 'phone', 'members', 'departments', 'relations', 'attachment', 'image'];
const many = (field: ReadField) => lists.includes(field.type);

function empty(record: RecordView, field: ReadField): boolean {
  const value = record.values[field.key];
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function allSame(records: readonly RecordView[], field: ReadField): boolean {
  const [first, ...rest] = records.map((record) => JSON.stringify(record.values[field.key] ?? null));
  return rest.every((value) => value === first);
}

/** The record with the most values stays unless one says otherwise; of equals the oldest. */
function fullest(records: readonly RecordView[]): string | undefined {
  const filled = (record: RecordView) =>
    Object.values(record.values).filter((value) => value !== null && !(Array.isArray(value) && value.length === 0))
      .length;
  return [...records].sort((a, b) => filled(b) - filled(a) || (a.id < b.id ? -1 : 1))[0]?.id;
}
