import { ExportOutlined } from '@ant-design/icons';
import type { RecordView } from '@lianke/shared/records/query';
import { actionsWith } from '@lianke/shared/records/row-actions';
import { Button, Drawer, Skeleton } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import type { FormView } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { ConflictBar } from '../conflict-bar.js';
import { RecordFields } from '../detail/record-fields.js';
import { useRecord, useRecordEdits } from '../detail/use-record-edits.js';
import { recordPath } from './card.js';

interface Props {
  form: FormView;
  /** The record that is looked at; none closes the drawer. */
  recordId: string | undefined;
  /** Key of the field that is edited at once. */
  edit?: string | undefined;
  onClose: () => void;
}

/** A record beside the view it was clicked in: its fields, edited where they stand, and the way to its page. */
export function RecordPeek({ form, recordId, edit, onClose }: Props) {
  const { t } = useTranslation('records');
  const record = useRecord(form.id, recordId ?? '');
  const label = record.data?.label;
  return (
    <Drawer
      open={recordId !== undefined}
      onClose={onClose}
      size={560}
      title={<div className="ellipsis">{label || '—'}</div>}
      extra={
        recordId && (
          <Link to={recordPath(form, recordId)}>
            <Button type="link" icon={<ExportOutlined />} tabIndex={-1}>
              {t('openRecord')}
            </Button>
          </Link>
        )
      }
      styles={{ body: { padding: 0 } }}
      destroyOnHidden
    >
      {record.error ? (
        <PageError error={record.error} retry={() => void record.refetch()} />
      ) : record.data ? (
        <Body form={form} record={record.data} edit={edit} />
      ) : (
        <Skeleton active style={{ padding: 20 }} paragraph={{ rows: 8 }} />
      )}
    </Drawer>
  );
}

function Body({ form: whole, record, edit }: { form: FormView; record: RecordView; edit: string | undefined }) {
  // Roles may give other rows to change than to see.
  const form = useMemo(() => ({ ...whole, actions: actionsWith(whole.actions, record) }), [whole, record]);
  const { save, conflict, resolve } = useRecordEdits(form, record);
  return (
    <>
      {conflict && <ConflictBar conflict={conflict} onResolve={(mine) => void resolve(mine)} />}
      <RecordFields form={form} record={record} edit={edit} onSave={save} />
    </>
  );
}
