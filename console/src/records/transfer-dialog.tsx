import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import type { TransferAlong, TransferPreview } from '@lianke/shared/records/transfer';
import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { formatTotal } from '../shared/format.js';
import { MemberPicker } from '../shared/member-picker.js';

type Item = TransferPreview['along'][number];
const labels = { record: 'transferRecords', todo: 'transferTodo', approval: 'transferApprovals' } as const;
const keyOf = (item: Pick<Item, 'formId' | 'field'>) => `${item.formId}/${item.field}`;

interface Props {
  formId: string;
  ids: readonly string[];
  open: boolean;
  onClose: () => void;
  onDo: (to: Reference, along: TransferAlong[]) => void;
}

/** Asks who gets the records, and names what goes along with them, with counts. */
export function TransferDialog({ formId, ids, open, onClose, onDo }: Props) {
  const { t } = useTranslation('records');
  const [to, setTo] = useState<Reference | null>(null);
  const [stay, setStay] = useState<ReadonlySet<string>>(new Set());
  const preview = useQuery({
    queryKey: ['transfer', formId, ids],
    queryFn: () =>
      api('records.transferPreview', { params: { formId: formId as FormId }, body: { ids: [...ids] as RecordId[] } }),
    enabled: open && ids.length > 0,
    staleTime: 0,
  });
  const along = preview.data?.along ?? [];
  return (
    <Modal
      open={open}
      width={440}
      title={t('transferTitle', { n: formatTotal(ids.length) })}
      okText={t('transfer')}
      okButtonProps={{ disabled: !to || preview.isPending }}
      onOk={() =>
        to &&
        onDo(
          to,
          along.filter((item) => !stay.has(keyOf(item))).map(({ formId: form, field }) => ({ formId: form, field })),
        )
      }
      onCancel={onClose}
      afterClose={() => {
        setTo(null);
        setStay(new Set());
      }}
      destroyOnHidden
    >
      <Form layout="vertical">
        <Form.Item label={t('transferTo')} htmlFor="bulk-transfer">
          <MemberPicker id="bulk-transfer" value={to} onChange={setTo} autoFocus />
        </Form.Item>
        <Form.Item label={t('transferAlong')}>
          {preview.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
          {preview.error && <span className="muted">{messageOf(preview.error)}</span>}
          {preview.data && along.length === 0 && <span className="muted">{t('transferAlone')}</span>}
          <div style={{ display: 'grid', gap: 6 }}>
            {along.map((item) => (
              <Checkbox
                key={keyOf(item)}
                checked={!stay.has(keyOf(item))}
                onChange={(event) => {
                  const next = new Set(stay);
                  if (event.target.checked) next.delete(keyOf(item));
                  else next.add(keyOf(item));
                  setStay(next);
                }}
              >
                {t(labels[item.kind], {
                  name: item.formName,
                  n: formatTotal(item.count),
                })}
              </Checkbox>
            ))}
          </div>
        </Form.Item>
      </Form>
    </Modal>
  );
}
