import { DownloadOutlined, FileExcelOutlined, LoadingOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { ImportView } from '@lianke/shared/imports/api';
import { Alert, Button, Upload } from 'antd';
import { useState } from 'react';
import { upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useText } from './i18n.js';
import styles from './imports.module.css';
import { Sample } from './sample.js';

interface Props {
  appId: string;
  formId: string | undefined;
  formName: string | undefined;
  onDone: (view: ImportView) => void;
}

const accepted = /\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv|txt)$/i;
/** Bytes; the server refuses more. */
const largest = 200 * 1024 * 1024;

/** 选文件: drop or choose one spreadsheet; a refusal says what, where and how to mend it. */
export function FileStep({ appId, formId, formName, onDone }: Props) {
  const text = useText();
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState('');

  const send = async (file: File) => {
    setError('');
    if (!accepted.test(file.name)) {
      setError(text('wrongType', { name: file.name }));
      return;
    }
    if (file.size > largest) {
      setError(text('tooBig', { name: file.name }));
      return;
    }
    setBusy(file.name);
    try {
      onDone(await upload<ImportView>('imports.create', file, { appId, formId }));
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(undefined);
    }
  };

  return (
    <div className={styles.narrow}>
      {error && (
        <Alert
          type="error"
          showIcon
          title={text('failedTitle')}
          description={error}
          closable={{ onClose: () => setError('') }}
          style={{ marginBottom: 16 }}
        />
      )}
      <Upload.Dragger
        accept=".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.tsv,.txt"
        multiple={false}
        showUploadList={false}
        disabled={busy !== undefined}
        beforeUpload={(file) => {
          void send(file);
          return false;
        }}
        style={{ background: 'var(--ant-color-bg-container)' }}
      >
        <div className={styles.dropIcon}>{busy ? <LoadingOutlined /> : <FileExcelOutlined />}</div>
        <div className={styles.dropTitle}>{busy ? text('uploading', { name: busy }) : text('dropTitle')}</div>
        {formName && <div className={styles.dropInto}>{text('dropInto', { name: formName })}</div>}
        <div className="muted">{text('dropHint')}</div>
        <div className="muted">{text('sampleHint')}</div>
      </Upload.Dragger>
      {formId && (
        <div className={styles.template}>
          <Button icon={<DownloadOutlined />} href={urlOf('imports.template', { formId })} download>
            {text('template')}
          </Button>
          <span className="muted">{text('templateHint')}</span>
        </div>
      )}
      <Sample disabled={busy !== undefined} onFile={(file) => void send(file)} />
    </div>
  );
}
