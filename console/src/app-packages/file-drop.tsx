import { AppstoreAddOutlined, LoadingOutlined } from '@ant-design/icons';
import type { PackagePreview } from '@lianke/shared/apps/package-api';
import { Alert, Upload } from 'antd';
import { useState } from 'react';
import { upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useText } from './i18n.js';

const largest = 10 * 1024 * 1024;

/** Takes a package; a refusal says what is wrong with the file. */
export function FileDrop({ onRead }: { onRead: (preview: PackagePreview) => void }) {
  const text = useText();
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState('');

  const send = async (file: File) => {
    setError('');
    if (!/\.json$/i.test(file.name)) return setError(text('wrongType', { name: file.name }));
    if (file.size > largest) return setError(text('tooBig', { name: file.name }));
    setBusy(file.name);
    try {
      onRead(await upload<PackagePreview>('packages.read', file));
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(undefined);
    }
  };

  return (
    <>
      {error && (
        <Alert
          type="error"
          showIcon
          title={text('notRead')}
          description={error}
          closable={{ onClose: () => setError('') }}
        />
      )}
      <Upload.Dragger
        accept=".json"
        multiple={false}
        showUploadList={false}
        disabled={busy !== undefined}
        beforeUpload={(file) => {
          void send(file);
          return false;
        }}
        style={{ background: 'var(--ant-color-bg-container)' }}
      >
        <div style={{ fontSize: 28 }} aria-hidden>
          {busy ? <LoadingOutlined /> : <AppstoreAddOutlined />}
        </div>
        <div style={{ fontWeight: 600 }} role="status">
          {busy ? text('reading', { name: busy }) : text('drop')}
        </div>
        <div className="muted">{text('dropHint')}</div>
      </Upload.Dragger>
    </>
  );
}
