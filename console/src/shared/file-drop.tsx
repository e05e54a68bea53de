import { LoadingOutlined } from '@ant-design/icons';
import { Alert, Upload } from 'antd';
import type { ReactNode } from 'react';
import styles from './file-drop.module.css';
import type { SentFile } from './use-sent-file.js';

interface Props {
  sent: SentFile;
  /** Endings for the system's file chooser: `.xlsx,.csv`. */
  accept: string;
  icon: ReactNode;
  title: string;
  /** Stands over why a file was refused. */
  failedTitle: string;
  children?: ReactNode;
}

/** A place to drop or choose one file. */
export function FileDrop({ sent, accept, icon, title, failedTitle, children }: Props) {
  return (
    <>
      {sent.error && (
        <Alert
          type="error"
          showIcon
          title={failedTitle}
          description={sent.error}
          closable={{ onClose: sent.forget }}
          className={styles.failed}
        />
      )}
      <Upload.Dragger
        accept={accept}
        multiple={false}
        showUploadList={false}
        disabled={sent.busy !== undefined}
        beforeUpload={(file) => {
          void sent.send(file);
          return false;
        }}
        style={{ background: 'var(--ant-color-bg-container)' }}
      >
        <div className={styles.icon} aria-hidden>
          {sent.busy ? <LoadingOutlined /> : icon}
        </div>
        <div className={styles.title} role="status">
          {title}
        </div>
        {children}
      </Upload.Dragger>
    </>
  );
}
