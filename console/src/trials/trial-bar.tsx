import { MessageOutlined } from '@ant-design/icons';
import type { AppId } from '@lianke/shared/ids';
import { App, Button, Input, Modal, Tag } from 'antd';
import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useTrialText } from './i18n.js';

/** Above the navigation of an app that is tried out: that it is, and a button to say what one thinks. */
export function TrialBar({ appId, name }: { appId: AppId; name: string }) {
  const text = useTrialText();
  const { message } = App.useApp();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);

  async function send() {
    setBusy(true);
    try {
      await api('trials.feedback', { params: { appId }, body: { text: words.trim(), page: pathname } });
      message.success(text('sent'));
      setWords('');
      setOpen(false);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', padding: '4px 8px 8px' }}>
      <Tag color="orange">{text('tag')}</Tag>
      <Button size="small" icon={<MessageOutlined />} onClick={() => setOpen(true)}>
        {text('feedback')}
      </Button>
      <Modal
        open={open}
        title={text('feedbackTitle', { name })}
        okText={text('send')}
        confirmLoading={busy}
        okButtonProps={{ disabled: words.trim() === '' }}
        onOk={() => void send()}
        onCancel={() => setOpen(false)}
      >
        <p className="muted" style={{ marginBottom: 8 }}>
          {text('feedbackHint')}
        </p>
        <Input.TextArea
          autoFocus
          rows={5}
          maxLength={1000}
          aria-label={text('feedback')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </Modal>
    </div>
  );
}
