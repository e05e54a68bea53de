import { EditOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';

/** 常用意见: a click puts one into the comment; they can be edited. */
export function PhraseChips({ onPick }: { onPick: (text: string) => void }) {
  const { t } = useTranslation('taskActions');
  const phrases = useQuery({ queryKey: keys.tasks('phrases'), queryFn: () => api('phrases.get', {}) });
  const [editing, setEditing] = useState(false);
  const items = phrases.data?.items ?? [];
  return (
    <div className="comment-chips">
      {items.map((text) => (
        <button key={text} type="button" onClick={() => onPick(text)}>
          {text}
        </button>
      ))}
      <Button
        type="text"
        size="small"
        icon={<EditOutlined />}
        aria-label={t('phrases.edit')}
        onClick={() => setEditing(true)}
      />
      {editing && <PhraseDialog items={items} onClose={() => setEditing(false)} />}
    </div>
  );
}

function PhraseDialog({ items, onClose }: { items: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation('taskActions');
  const client = useQueryClient();
  const [text, setText] = useState(items.join('\n'));
  const save = useMutation({
    mutationFn: () => {
      const lines = text.split('\n').map((line) => line.trim().slice(0, 100));
      return api('phrases.set', { body: { items: lines.filter((line) => line !== '').slice(0, 20) } });
    },
    onSuccess: (answer) => {
      client.setQueryData(keys.tasks('phrases'), answer);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('phrases.edit')}
      okText={t('phrases.save')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <p className="muted">{t('phrases.hint')}</p>
      <Input.TextArea
        aria-label={t('phrases.edit')}
        autoSize={{ minRows: 5, maxRows: 12 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Modal>
  );
}
