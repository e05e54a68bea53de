import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Image, Upload } from 'antd';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '../api/client.js';
import { pause } from '../i18n/punctuation.js';
import { filesOf } from './attachment.js';
import styles from './fields.module.css';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';
import { useUploads } from './use-uploads.js';

function Value({ value }: ValueProps) {
  const files = filesOf(value);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the preview's clicks from opening the row
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <span className={styles.thumbs} onClick={(event) => event.stopPropagation()}>
      <Image.PreviewGroup>
        {files.map((file) => (
          <Image
            key={file.id}
            src={fileUrl(file.id)}
            alt={file.name}
            width={24}
            height={24}
            className={styles.thumb ?? ''}
          />
        ))}
      </Image.PreviewGroup>
    </span>
  );
}

function Editor({ field, value, onChange, id, label, disabled }: EditorProps) {
  const { t } = useTranslation('fields');
  const files = filesOf(value);
  const max = typeof field.config.max === 'number' ? field.config.max : 9;
  const put = (next: typeof files) => onChange(next.length === 0 ? null : next.map((file) => ({ ...file })));
  const { pending, send } = useUploads((done) => put([...files, ...done]));
  return (
    <div className={styles.pictures}>
      {files.map((file) => (
        <div key={file.id} className={styles.picture}>
          <Image src={fileUrl(file.id)} alt={file.name} width={88} height={88} className={styles.thumb ?? ''} />
          {!disabled && (
            <button
              type="button"
              className={styles.drop}
              aria-label={t('removeFile', { name: file.name })}
              onClick={() => put(files.filter((item) => item.id !== file.id))}
            >
              <DeleteOutlined />
            </button>
          )}
        </div>
      ))}
      {files.length < max && (
        <Upload
          multiple
          accept="image/*"
          showUploadList={false}
          disabled={disabled ?? false}
          beforeUpload={(file, batch) => {
            if (file === batch[0]) void send(batch, max - files.length);
            return false;
          }}
        >
          <button
            type="button"
            className={styles.add}
            {...(id ? { id } : {})}
            aria-label={label ?? field.name}
            aria-busy={pending > 0}
            disabled={disabled ?? false}
          >
            <PlusOutlined />
            {pending > 0 ? t('uploading') : t('addPicture')}
          </button>
        </Upload>
      )}
    </div>
  );
}

export const image: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) =>
    filesOf(value)
      .map((file) => file.name)
      .join(pause()),
  inCell: false,
  width: 150,
};
