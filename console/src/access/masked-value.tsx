import { EyeOutlined } from '@ant-design/icons';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
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

/** A masked value with its eye: one look is counted and kept on record, and lasts until the page is left. */
export function MaskedValue({ formId, recordId, field, value }: Props) {
  const text = useAccessText();
  const { message } = App.useApp();
  const [clear, setClear] = useState<Json>();
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    try {
      const params = { formId: formId as FormId, id: recordId as RecordId };
      const answer = await api('records.unmask', { params, body: { field: field.id } });
      setClear(answer.value as Json);
      message.info(text('unmaskLeft', { n: answer.left }));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4, minWidth: 0 }}>
      <FieldValue field={field} value={clear ?? value} />
      {clear === undefined && (
        <Button
          type="text"
          size="small"
          loading={busy}
          icon={<EyeOutlined />}
          aria-label={text('unmask', { name: field.name })}
          title={`${text('unmask', { name: field.name })}${comma()}${text('unmaskHint')}`}
          onClick={(event) => {
            event.stopPropagation();
            void look();
          }}
        />
      )}
    </span>
  );
}
