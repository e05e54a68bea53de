import { Form, Modal } from 'antd';
import type { ReactNode } from 'react';

/** What every question before records are moved needs to know. */
export interface AskProps<Answer> {
  /** Records that it is about. */
  count: number;
  open: boolean;
  onClose: () => void;
  onDo: (answer: Answer) => void;
}

/** One question, answered before records are moved. */
export function AskDialog({
  open,
  title,
  okText,
  ready,
  onOk,
  onClose,
  forget,
  children,
}: {
  open: boolean;
  title: string;
  okText: string;
  /** An answer stands. */
  ready: boolean;
  onOk: () => void;
  onClose: () => void;
  /** Called once it is closed: the next question begins without an answer. */
  forget: () => void;
  children: ReactNode;
}) {
  return (
    <Modal
      open={open}
      width={440}
      title={title}
      okText={okText}
      okButtonProps={{ disabled: !ready }}
      onOk={onOk}
      onCancel={onClose}
      afterClose={forget}
      destroyOnHidden
    >
      <Form layout="vertical">{children}</Form>
    </Modal>
  );
}
