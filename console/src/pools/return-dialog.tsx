import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { formatTotal } from '../shared/format.js';
import { AskDialog, type AskProps } from './ask-dialog.js';
import { useText } from './i18n.js';

const longest = 200;

/** 退回公海 asks why: the next one who claims the record reads it. */
export function ReturnDialog({ count, open, onClose, onDo }: AskProps<string>) {
  const text = useText();
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      open={open}
      title={text('returnTitle', { n: formatTotal(count) })}
      okText={text('giveBack')}
      ready={reason.trim() !== ''}
      onOk={() => onDo(reason.trim())}
      onClose={onClose}
      forget={() => setReason('')}
    >
      <Form.Item label={text('reason')} htmlFor="pool-reason" help={text('reasonHint')}>
        <Input.TextArea
          id="pool-reason"
          value={reason}
          autoFocus
          maxLength={longest}
          autoSize={{ minRows: 2, maxRows: 5 }}
          onChange={(event) => setReason(event.target.value)}
        />
      </Form.Item>
      <div style={{ display: 'flex', gap: 6, flexWrap: 'wrap', marginTop: 8 }}>
        {text('reasons')
          .split('|')
          .map((item) => (
            <Button key={item} size="small" onClick={() => setReason(item)}>
              {item}
            </Button>
          ))}
      </div>
    </AskDialog>
  );
}
