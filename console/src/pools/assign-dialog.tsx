import type { Reference } from '@lianke/shared/records/query';
import { Form } from 'antd';
import { useState } from 'react';
import { formatTotal } from '../shared/format.js';
import { MemberPicker } from '../shared/member-picker.js';
import { AskDialog, type AskProps } from './ask-dialog.js';
import { useText } from './i18n.js';

/** 分配: who gets the records. */
export function AssignDialog({ count, open, onClose, onDo }: AskProps<Reference>) {
  const text = useText();
  const [to, setTo] = useState<Reference | null>(null);
  return (
    <AskDialog
      open={open}
      title={text('assignTitle', { n: formatTotal(count) })}
      okText={text('assign')}
      ready={to !== null}
      onOk={() => to && onDo(to)}
      onClose={onClose}
      forget={() => setTo(null)}
    >
      <Form.Item label={text('assignTo')} htmlFor="pool-assign">
        <MemberPicker id="pool-assign" value={to} onChange={setTo} autoFocus />
      </Form.Item>
    </AskDialog>
  );
}
