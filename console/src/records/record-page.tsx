import { formIn } from '@lianke/shared/records/masked';
import type { RecordView } from '@lianke/shared/records/query';
import { actionsWith } from '@lianke/shared/records/row-actions';
import { Alert, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router-dom';
import { type FormView, useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { ConflictBar } from './conflict-bar.js';
import { ApprovalsPanel } from './detail/approvals-panel.js';
import styles from './detail/detail.module.css';
import { RecordFields } from './detail/record-fields.js';
import { RecordHead } from './detail/record-head.js';
import { Related } from './detail/related.js';
import { Timeline } from './detail/timeline.js';
import { useRecord, useRecordEdits } from './detail/use-record-edits.js';
import './i18n.js';
import { RecordDrawer } from './record-drawer.js';
import { ShareRequests } from './share-requests.js';
import { useRecentlyOpened } from './use-shortcuts.js';
import { copiedValues } from './values.js';

function Page({ form: whole, record }: { form: FormView; record: RecordView }) {
  const { t } = useTranslation('records');
  // Roles may give other rows to change than to see.
  const form = useMemo(() => ({ ...whole, actions: actionsWith(whole.actions, record) }), [whole, record]);
  const [editing, setEditing] = useState<'edit' | 'copy'>();
  const navigate = useNavigate();
  const copied = useMemo(() => copiedValues(form, record), [form, record]);
  useRecentlyOpened(form.id, record.id);
  const { save, conflict, resolve } = useRecordEdits(form, record);

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
        <RecordFields form={form} record={record} onSave={save} />
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
  // What has stars in this record is masked on its page, whatever it is in others.
  const shown = useMemo(() => form.data && formIn(form.data, record.data), [form.data, record.data]);
  if (shown && record.data) return <Page key={id} form={shown} record={record.data} />;
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
