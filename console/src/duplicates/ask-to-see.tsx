import type { FormId } from '@lianke/shared/ids';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Input, Popover, Space } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { FormView } from '../api/queries.js';
import { pause } from '../i18n/punctuation.js';
import type { Values } from '../records/values.js';
import { useText } from './i18n.js';

/** 申请查看: asks the owners of the records with these values, which the reader may not see, to share them. */
export function AskToSee({ form, values }: { form: FormView; values: Values }) {
  const text = useText();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const ask = useMutation({
    mutationFn: () =>
      api('shareRequests.ask', { params: { formId: form.id as FormId }, body: { values, reason: reason.trim() } }),
    onSuccess: ({ asked }) => {
      message.success(text('askSent', { names: asked.map((item) => item.label).join(pause()) }));
      setOpen(false);
    },
    onError: (error) => message.error(messageOf(error)),
  });
  if (ask.isSuccess) return <span className="muted">{text('askWaiting')}</span>;
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      title={text('askSee')}
      content={
        <Space orientation="vertical" style={{ width: 280 }}>
          <span className="muted">{text('askHint')}</span>
          <Input.TextArea
            aria-label={text('askReason')}
            placeholder={text('askReason')}
            autoSize={{ minRows: 2, maxRows: 4 }}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="primary" block loading={ask.isPending} onClick={() => ask.mutate()}>
            {text('askSend')}
          </Button>
        </Space>
      }
    >
      <Button type="link" size="small">
        {text('askSee')}
      </Button>
    </Popover>
  );
}
