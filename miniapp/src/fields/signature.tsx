import { View } from '@tarojs/components';
import { useState } from 'react';
import { messageOf } from '../api/message.js';
import { Button } from '../components/button.js';
import { ServerImage } from '../components/server-image.js';
import { Sheet } from '../components/sheet.js';
import { filesOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { uploadFile } from '../platform/upload.js';
import { attachmentField } from './attachment.js';
import { PickLine } from './pick-line.js';
import { clearPad, padPicture, SignaturePad } from './signature-pad.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [file] = filesOf(value);
  return (
    <>
      {file ? (
        <View className="signed">
          <ServerImage className="signed__image" mode="aspectFit" id={file.id} />
          <View className="link" onClick={() => setOpen(true)}>
            {t('field.signAgain')}
          </View>
          <View className="link" onClick={() => onChange(null)}>
            {t('field.clear')}
          </View>
        </View>
      ) : (
        <PickLine text="" placeholder={t('field.sign')} onTap={() => setOpen(true)} />
      )}
      {open ? (
        <Pad
          title={field.name}
          padId={`sign-${field.key}`}
          onDone={(stored) => {
            setOpen(false);
            onChange([{ ...stored }]);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

interface PadProps {
  title: string;
  padId: string;
  onDone(file: { id: string; name: string; size: number; mime: string }): void;
  onClose(): void;
}

function Pad({ title, padId, onDone, onClose }: PadProps) {
  const t = useT();
  const [drawn, setDrawn] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const keep = async () => {
    setBusy(true);
    setFailed('');
    try {
      onDone(await uploadFile(await padPicture(padId)));
    } catch (error) {
      setFailed(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={title}
      onClose={onClose}
      foot={
        <View className="pair">
          <View className="pair__part">
            <Button
              onClick={() => {
                clearPad(padId);
                setDrawn(false);
              }}
            >
              {t('field.signClear')}
            </Button>
          </View>
          <View className="pair__part">
            <Button kind="primary" off={!drawn || busy} onClick={() => void keep()}>
              {t('common.ok')}
            </Button>
          </View>
        </View>
      }
    >
      <SignaturePad id={padId} hint={drawn ? '' : t('field.signHere')} onDraw={() => setDrawn(true)} />
      {failed ? <View className="field-error">{failed}</View> : null}
    </Sheet>
  );
}

export const signatureField: FieldRenderer = {
  ...attachmentField,
  Control,
  format: (value, _field, { t }) => (filesOf(value).length > 0 ? t('field.signed') : ''),
};
