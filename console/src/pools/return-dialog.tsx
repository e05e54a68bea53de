import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { formatTotal } from '../shared/format.js';
import { useText } from './i18n.js';

const longest = 200;

/** 退回公海 asks why: the next one who claims the record reads it. */
export function ReturnDialog({
  count,
  open,
  onClose,
  onDo,
}: {
  count: number;
  open: boolean;
  onClose: () => void;
  onDo: (reason: string) => void;
}) {
  const text = useText();
  const [reason, setReason] = useState('');
  return (
    <Modal
      open={open}
      width={440}
      title={text('returnTitle', { n: formatTotal(count) })}
      okText={text('giveBack')}
      okButtonProps={{ disabled: reason.trim() === '' }}
      onOk={() => onDo(reason.trim())}
      onCancel={onClose}
      afterClose={() => setReason('')}
      destroyOnHidden
    >
      <Form layout="vertical">
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
      </Form>
    </Modal>
  );
}
