import { Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../api/errors.js';

/** Asks for one name (1–40 characters). A refusal of `onSubmit` is shown under the field. */
export function NameDialog({
  open,
  title,
  label,
  placeholder,
  initial = '',
  submitText,
  onSubmit,
  onCancel,
}: {
  open: boolean;
  title: string;
  label: string;
  placeholder?: string;
  initial?: string;
  submitText?: string;
  onSubmit: (name: string) => Promise<void>;
  onCancel: () => void;
}) {
  const { t } = useTranslation('common');
  const [name, setName] = useState(initial);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (open) {
      setName(initial);
      setError('');
    }
  }, [open, initial]);

  async function submit() {
    const trimmed = name.trim();
    if (trimmed === '' || busy) return;
    setBusy(true);
    try {
      await onSubmit(trimmed);
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open={open}
      title={title}
      width={420}
      okText={submitText ?? t('confirm')}
      okButtonProps={{ disabled: name.trim() === '', loading: busy }}
      onOk={submit}
      onCancel={onCancel}
      destroyOnHidden
    >
      <Form layout="vertical" onFinish={submit}>
        <Form.Item
          label={label}
          htmlFor="name-dialog"
          validateStatus={error ? 'error' : ''}
          help={error || null}
          required
        >
          <Input
            id="name-dialog"
            autoFocus
            maxLength={40}
            placeholder={placeholder ?? ''}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setError('');
            }}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
