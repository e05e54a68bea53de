import { EyeOutlined } from '@ant-design/icons';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { ReadField } from '../api/queries.js';
import { comma } from '../i18n/punctuation.js';
import { FieldValue } from '../shared/field-value.js';
import { useAccessText } from './i18n.js';

interface Props {
  formId: string;
  recordId: string;
  field: ReadField;
  value: Json | undefined;
}

/**
 * A masked value with its eye, for whoever has looks at all: one is counted and kept on record, and lasts until the page is
 * left.
 */
export function MaskedValue({ formId, recordId, field, value }: Props) {
  const text = useAccessText();
  const { message } = App.useApp();
  const [clear, setClear] = useState<Json>();
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const quotaKey = ['unmaskQuota', formId];
  const quota = useQuery({
    queryKey: quotaKey,
    queryFn: () => api('forms.unmaskQuota', { params: { formId: formId as FormId } }),
  }).data;
  const look = async () => {
    setBusy(true);
    try {
      const params = { formId: formId as FormId, id: recordId as RecordId };
      const answer = await api('records.unmask', { params, body: { field: field.id } });
      setClear(answer.value as Json);
      client.setQueryData(quotaKey, quota && { ...quota, left: answer.left });
      message.info(text('unmaskLeft', { n: answer.left }));
    } catch (error) {
      message.error(messageOf(error));
      void client.invalidateQueries({ queryKey: quotaKey });
    } finally {
      setBusy(false);
    }
  };
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4, minWidth: 0 }}>
      <FieldValue field={field} value={clear ?? value} />
      {clear === undefined && quota && quota.limit > 0 && (
        <Button
          type="text"
          size="small"
          loading={busy}
          icon={<EyeOutlined />}
          aria-label={text('unmask', { name: field.name })}
          disabled={quota.left === 0}
          title={
            quota.left === 0
              ? text('unmaskUsedUp', { n: quota.limit })
              : `${text('unmask', { name: field.name })}${comma()}${text('unmaskHint', { n: quota.left })}`
          }
          onClick={(event) => {
            event.stopPropagation();
            void look();
          }}
        />
      )}
    </span>
  );
}
