import { Button, Modal } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '../api/client.js';
import { filesOf } from './attachment.js';
import styles from './fields.module.css';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';
import { SignaturePad, type SignaturePadHandle } from './signature-pad.js';
import { useUploads } from './use-uploads.js';

function Value({ value }: ValueProps) {
  const { t } = useTranslation('fields');
  const [file] = filesOf(value);
  return file ? <img src={fileUrl(file.id)} alt={t('signature')} className={styles.signature} /> : null;
}

function Editor({ field, value, onChange, id, label, disabled }: EditorProps) {
  const { t } = useTranslation('fields');
  const [open, setOpen] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const pad = useRef<SignaturePadHandle>(null);
  const [file] = filesOf(value);
  const { pending, send } = useUploads(([done]) => {
    if (!done) return;
    onChange([{ ...done }]);
    setOpen(false);
  });
  const keep = async () => {
    const picture = await pad.current?.picture();
    if (picture) await send([picture], 1);
  };
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
      {file && <img src={fileUrl(file.id)} alt={t('signature')} className={styles.signature} />}
      <Button
        {...(id ? { id } : {})}
        aria-label={label ?? field.name}
        disabled={disabled ?? false}
        onClick={() => {
          setDrawn(false);
          setOpen(true);
        }}
      >
        {t(file ? 'signAgain' : 'sign')}
      </Button>
      {file && !disabled && (
        <Button type="link" onClick={() => onChange(null)}>
          {t('clear')}
        </Button>
      )}
      <Modal
        open={open}
        title={field.name}
        width={640}
        destroyOnHidden
        onCancel={() => setOpen(false)}
        onOk={() => void keep()}
        okButtonProps={{ disabled: !drawn, loading: pending > 0 }}
        okText={t('signDone')}
        footer={(_, { OkBtn, CancelBtn }) => (
          <>
            <Button
              onClick={() => {
                pad.current?.clear();
                setDrawn(false);
              }}
            >
              {t('signClear')}
            </Button>
            <CancelBtn />
            <OkBtn />
          </>
        )}
      >
        <SignaturePad handle={pad} label={t('signHere')} drawn={drawn} onDraw={() => setDrawn(true)} />
      </Modal>
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
