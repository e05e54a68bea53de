import { Button, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignaturePad, type SignaturePadHandle } from './signature-pad.js';

interface Props {
  open: boolean;
  title: string;
  /** What was drawn is being kept. */
  busy: boolean;
  onKeep: (picture: File) => Promise<void>;
  onClose: () => void;
}

/** A sheet to sign on, to wipe and to sign again until it is kept. */
export function SignatureDialog({ open, title, busy, onKeep, onClose }: Props) {
  const { t } = useTranslation('fields');
  const pad = useRef<SignaturePadHandle>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    if (open) setDrawn(false);
  }, [open]);
  const keep = async () => {
    const picture = await pad.current?.picture();
    if (picture) await onKeep(picture);
  };
  return (
    <Modal
      open={open}
      title={title}
      width={640}
      destroyOnHidden
      onCancel={onClose}
      onOk={() => void keep()}
      okButtonProps={{ disabled: !drawn, loading: busy }}
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
  );
}
