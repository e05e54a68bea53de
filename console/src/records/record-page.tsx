import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { actionsWith } from '@lianke/shared/records/row-actions';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { fieldMessagesOf, messageOf } from '../api/errors.js';
import { type FormView, keys, type ReadField, useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { ParentRecordContext } from '../fields/subform/parent-record.js';
import { colon } from '../i18n/punctuation.js';
import { type Conflict, conflictOf } from './conflict.js';
import { ConflictBar } from './conflict-bar.js';
import { ApprovalsPanel } from './detail/approvals-panel.js';
import styles from './detail/detail.module.css';
import { FieldInPlace } from './detail/field-in-place.js';
import { RecordHead } from './detail/record-head.js';
import { Related } from './detail/related.js';
import { Timeline } from './detail/timeline.js';
import './i18n.js';
import { LaidSections } from './laid-sections.js';
import { columnsStyle, sectionsOf } from './layout.js';
import { RecordDrawer } from './record-drawer.js';
import { rulesFor, useRuleEnv } from './rules.js';
import { saveRecord } from './save-record.js';
import { ShareRequests } from './share-requests.js';
import { useRecentlyOpened } from './use-shortcuts.js';
import { copiedValues, sameValue } from './values.js';

function useRecord(formId: string, id: string) {
  return useQuery({
    queryKey: keys.data(formId, 'record', id),
    queryFn: () => api('records.get', { params: { formId: formId as FormId, id: id as RecordId } }),
    enabled: formId !== '' && id !== '',
  });
}

function Fields({
  form,
  record,
  onSave,
}: {
  form: FormView;
  record: RecordView;
  onSave: (field: ReadField, value: Json, before: Json) => Promise<string | undefined>;
}) {
  const env = useRuleEnv();
  const rules = rulesFor(form, record.values, env);
  const mayEdit = form.actions.includes('edit') && !record.deletedAt;
  const system = form.fields.filter((field) => field.system && field.key !== 'owner');
  const around = useMemo(() => ({ fields: form.fields, values: record.values }), [form.fields, record.values]);
  return (
    <ParentRecordContext.Provider value={around}>
      <section className={styles.panel}>
        <LaidSections
          sections={sectionsOf(form)}
          rules={rules}
          shown={(field) => rules.stateOf(field)?.visible !== false}
          look={{ section: styles.section, raster: styles.raster }}
          render={(field) => (
            <FieldInPlace
              field={rules.narrowed(field)}
              value={record.values[field.key]}
              mayEdit={mayEdit}
              of={{ formId: form.id, recordId: record.id }}
              locked={rules.stateOf(field)?.readonly === true}
              onSave={onSave}
            />
          )}
        />
        <div className={styles.section}>
          <div className={styles.raster} style={columnsStyle(3)}>
            {system.map((field) => (
              <FieldInPlace
                key={field.key}
                field={field}
                value={record.values[field.key]}
                mayEdit={false}
                onSave={onSave}
              />
            ))}
          </div>
        </div>
      </section>
    </ParentRecordContext.Provider>
  );
}

function Page({ form: whole, record }: { form: FormView; record: RecordView }) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  // Roles may give other rows to change than to see.
  const form = useMemo(() => ({ ...whole, actions: actionsWith(whole.actions, record) }), [whole, record]);
  const [editing, setEditing] = useState<'edit' | 'copy'>();
  const navigate = useNavigate();
  const copied = useMemo(() => copiedValues(form, record), [form, record]);
  const [conflict, setConflict] = useState<Conflict>();
  const renew = () => client.invalidateQueries({ queryKey: keys.data(form.id) });
  useRecentlyOpened(form.id, record.id);

  async function write(base: RecordView, field: ReadField, value: Json): Promise<string | undefined> {
    try {
      const result = await saveRecord(form, base, { [field.key]: value });
      const now = result.conflict ? result.conflict.current : result.record;
      client.setQueryData(keys.data(form.id, 'record', record.id), {
        ...(record.actions && { actions: record.actions }),
        ...now,
      });
      setConflict(result.conflict);
      await renew();
      return undefined;
    } catch (error) {
      const reason = fieldMessagesOf(error)[field.key] ?? messageOf(error);
      message.error(`${field.name}${colon()}${reason}`);
      return reason;
    }
  }

  async function save(field: ReadField, value: Json, before?: Json): Promise<string | undefined> {
    if (sameValue(field, record.values[field.key], value)) return undefined;
    if (before !== undefined) {
      // Somebody's change is on the page already, but this edit began before it.
      const both = conflictOf(form.fields, { [field.key]: before }, { [field.key]: value }, record);
      if (both.fields.length > 0) {
        setConflict(both);
        return undefined;
      }
    }
    return write(record, field, value);
  }

  async function resolve(mine: boolean) {
    const open = conflict;
    setConflict(undefined);
    if (!open || !mine) return;
    for (const item of open.fields) await write(open.current, item.field, item.mine);
  }

  return (
    <div className={styles.page}>
      {record.deletedAt && <Alert type="warning" showIcon title={t('deletedNote')} />}
      <RecordHead
        form={form}
        record={record}
        onSave={save}
        onEdit={() => setEditing('edit')}
        onCopy={() => setEditing('copy')}
      />
      {!record.deletedAt && <ShareRequests form={form} recordId={record.id} />}
      {conflict && <ConflictBar conflict={conflict} onResolve={(mine) => void resolve(mine)} />}
      <ApprovalsPanel form={form} recordId={record.id} />
      <div className={styles.columns}>
        <Fields form={form} record={record} onSave={save} />
        <Timeline form={form} recordId={record.id} deleted={record.deletedAt !== undefined} />
      </div>
      <Related form={form} record={record} />
      <RecordDrawer form={form} record={record} open={editing === 'edit'} onClose={() => setEditing(undefined)} />
      <RecordDrawer
        form={form}
        open={editing === 'copy'}
        preset={copied}
        onClose={() => setEditing(undefined)}
        onSaved={(made) => navigate(`/apps/${form.appId}/forms/${form.id}/records/${made.id}`)}
        once
      />
    </div>
  );
}

/** One record with everything about it. */
export function RecordPage() {
  const { formId = '', id = '' } = useParams();
  const form = useForm(formId);
  const record = useRecord(formId, id);
  const failed = form.error ?? record.error;
  if (form.data && record.data) return <Page key={id} form={form.data} record={record.data} />;
  if (failed) {
    return (
      <PageError
        error={failed}
        retry={() => {
          void form.refetch();
          void record.refetch();
        }}
      />
    );
  }
  return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 10 }} />;
}
