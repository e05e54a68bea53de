import type { ApiKeyView } from '@lianke/shared/api-keys/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Modal } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useKeyText } from './i18n.js';
import { bodyOf, type KeySettings, KeySettingsFields, newKey, settingsOf } from './key-settings.js';
import { apiKeysKey } from './use-api-keys.js';

/** Makes a key, or changes the one given: its name, whom it acts as, what it may do, for how long. */
export function KeyDialog({
  item,
  onClose,
  onMade,
}: {
  item?: ApiKeyView;
  onClose: () => void;
  /** Of a new key only: what it says is told this once. */
  onMade?: (made: { key: ApiKeyView; secret: string }) => void;
}) {
  const text = useKeyText();
  const client = useQueryClient();
  const [settings, setSettings] = useState<KeySettings>(item ? settingsOf(item) : newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const body = bodyOf(settings, item?.expiresAt ?? null);

  async function save() {
    if (!body) return;
    setBusy(true);
    setError('');
    try {
      if (item) {
        // An end that is kept is not sent: it may be over by now.
        const { expiresAt, ...rest } = body;
        await api('apiKeys.update', {
          params: { keyId: item.id },
          body: settings.life === 'keep' ? rest : { ...rest, expiresAt },
        });
        await client.invalidateQueries({ queryKey: apiKeysKey });
        onClose();
      } else {
        const made = await api('apiKeys.create', { body });
        await client.invalidateQueries({ queryKey: apiKeysKey });
        onMade?.(made);
      }
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={560}
      title={item ? text('editTitle', { name: item.name }) : text('newTitle')}
      okText={item ? text('save') : text('create')}
      cancelText={text('cancel')}
      okButtonProps={{ disabled: !body, loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      {item && <Alert type="info" showIcon title={text('editHint')} style={{ marginBottom: 16 }} />}
      <KeySettingsFields value={settings} onChange={setSettings} item={item} />
    </Modal>
  );
}
