import type { Reference } from '@lianke/shared/records/query';
import { Form, Modal } from 'antd';
import { useState } from 'react';
import { formatTotal } from '../shared/format.js';
import { MemberPicker } from '../shared/member-picker.js';
import { useText } from './i18n.js';

/** 分配: who gets the records. */
export function AssignDialog({
  count,
  open,
  onClose,
  onDo,
}: {
  count: number;
  open: boolean;
  onClose: () => void;
  onDo: (to: Reference) => void;
}) {
  const text = useText();
  const [to, setTo] = useState<Reference | null>(null);
  return (
    <Modal
      open={open}
      width={440}
      title={text('assignTitle', { n: formatTotal(count) })}
      okText={text('assign')}
      okButtonProps={{ disabled: !to }}
      onOk={() => to && onDo(to)}
      onCancel={onClose}
      afterClose={() => setTo(null)}
      destroyOnHidden
    >
      <Form layout="vertical">
        <Form.Item label={text('assignTo')} htmlFor="pool-assign">
          <MemberPicker id="pool-assign" value={to} onChange={setTo} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
