import { DeleteOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons';
import type { FileView } from '@lianke/shared/files/api';
import type { Json } from '@lianke/shared/json';
import { App, Button, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl, upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { colon, pause } from '../i18n/punctuation.js';
import { formatBytes } from '../shared/format.js';
import styles from './fields.module.css';
import { FilePreview, isPicture, isPreviewed, type PreviewFile } from './file-preview.js';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';

type FileItem = PreviewFile;

/** The files of a value as the API reads it. */
export function filesOf(value: Json | undefined): FileItem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item) || typeof item.id !== 'string') return [];
    const { id, name, size, mime } = item;
    return [
      {
        id,
        name: typeof name === 'string' ? name : id,
        size: typeof size === 'number' ? size : 0,
        mime: typeof mime === 'string' ? mime : '',
      },
    ];
  });
}

function FileLink({ file, onPreview }: { file: FileItem; onPreview?: (() => void) | undefined }) {
  const { t } = useTranslation('fields');
  return (
    <a
      href={fileUrl(file.id)}
      target="_blank"
      rel="noreferrer"
      title={`${file.name} · ${formatBytes(file.size)}`}
      aria-label={t('open', { name: file.name })}
      onClick={(event) => {
        event.stopPropagation();
        if (!onPreview) return;
        event.preventDefault();
        onPreview();
      }}
      style={{ display: 'inline-flex', alignItems: 'center', gap: 4, maxWidth: '100%' }}
    >
      {isPicture(file) ? (
        <img src={fileUrl(file.id)} alt="" style={{ width: 22, height: 22, borderRadius: 4, objectFit: 'cover' }} />
      ) : (
        <PaperClipOutlined />
      )}
      <span className="ellipsis">{file.name}</span>
    </a>
  );
}

function Value({ value }: ValueProps) {
  const [at, setAt] = useState<number>();
  const files = filesOf(value);
  const shown = files.filter(isPreviewed);
  return (
    <span className={styles.chips} style={{ columnGap: 10 }}>
      {files.map((file) => (
        <FileLink
          key={file.id}
          file={file}
          onPreview={isPreviewed(file) ? () => setAt(shown.indexOf(file)) : undefined}
        />
      ))}
      {at !== undefined && <FilePreview files={shown} at={at} onAt={setAt} />}
    </span>
  );
}

function Editor({ field, value, onChange, id, label, disabled }: EditorProps) {
  const { t } = useTranslation('fields');
  const { message } = App.useApp();
  const [pending, setPending] = useState(0);
  const files = filesOf(value);
  const max = typeof field.config.max === 'number' ? field.config.max : 20;
  const put = (next: FileItem[]) => onChange(next.length === 0 ? null : next.map((file) => ({ ...file })));

  async function send(batch: File[]) {
    if (files.length + batch.length > max) {
      message.warning(t('tooMany', { n: max }));
      return;
    }
    setPending((count) => count + batch.length);
    const done: FileItem[] = [];
    for (const file of batch) {
      try {
        done.push(await upload<FileView>('files.upload', file));
      } catch (error) {
        message.error(`${file.name}${colon()}${messageOf(error)}`);
      } finally {
        setPending((count) => count - 1);
      }
    }
    if (done.length > 0) put([...files, ...done]);
  }

  return (
    <div style={{ display: 'grid', gap: 6, justifyItems: 'start' }}>
      {files.map((file) => (
        <div key={file.id} style={{ display: 'flex', gap: 4, alignItems: 'center', maxWidth: '100%' }}>
          <FileLink file={file} />
          <span className="muted">{formatBytes(file.size)}</span>
          {!disabled && (
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('removeFile', { name: file.name })}
              onClick={() => put(files.filter((item) => item.id !== file.id))}
            />
          )}
        </div>
      ))}
      <Upload
        multiple
        showUploadList={false}
        disabled={disabled ?? false}
        accept={field.config.accept === 'image' ? 'image/*' : ''}
        beforeUpload={(file, batch) => {
          if (file === batch[0]) void send(batch);
          return false;
        }}
      >
        <Button
          {...(id ? { id } : {})}
          aria-label={label ?? undefined}
          icon={<UploadOutlined />}
          loading={pending > 0}
          disabled={disabled ?? false}
        >
          {pending > 0 ? t('uploading') : t('upload')}
        </Button>
      </Upload>
    </div>
  );
}

export const attachment: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) =>
    filesOf(value)
      .map((file) => file.name)
      .join(pause()),
  inCell: false,
  width: 180,
};
