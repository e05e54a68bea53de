import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '../api/client.js';
import { filesOf } from './attachment.js';
import styles from './fields.module.css';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';
import { SignatureDialog } from './signature-dialog.js';
import { useUploads } from './use-uploads.js';

function Value({ value }: ValueProps) {
  const { t } = useTranslation('fields');
  const [file] = filesOf(value);
  return file ? <img src={fileUrl(file.id)} alt={t('signature')} className={styles.signature} /> : null;
}

function Editor({ field, value, onChange, id, label, disabled }: EditorProps) {
  const { t } = useTranslation('fields');
  const [open, setOpen] = useState(false);
  const [file] = filesOf(value);
  const { pending, send } = useUploads(([done]) => {
    if (!done) return;
    onChange([{ ...done }]);
    setOpen(false);
  });
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
      {file && <img src={fileUrl(file.id)} alt={t('signature')} className={styles.signature} />}
      <Button
        {...(id ? { id } : {})}
        aria-label={label ?? field.name}
        disabled={disabled ?? false}
        onClick={() => setOpen(true)}
      >
        {t(file ? 'signAgain' : 'sign')}
      </Button>
      {file && !disabled && (
        <Button type="link" onClick={() => onChange(null)}>
          {t('clear')}
        </Button>
      )}
      <SignatureDialog
        open={open}
        title={field.name}
        busy={pending > 0}
        onKeep={(picture) => send([picture], 1)}
        onClose={() => setOpen(false)}
      />
    </div>
  );
}

export const signature: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (filesOf(value).length > 0 ? '✓' : ''),
  inCell: false,
  width: 110,
};
