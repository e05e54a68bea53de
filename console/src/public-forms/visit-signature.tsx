import { CheckCircleFilled } from '@ant-design/icons';
import type { FileView } from '@lianke/shared/files/api';
import type { Json } from '@lianke/shared/json';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { ReadField } from '../api/queries.js';
import { filesOf } from '../fields/attachment.js';
import { SignatureDialog } from '../fields/signature-dialog.js';

/** Signed with a finger on a sheet of its own; what was drawn is uploaded for this submission only. */
export function VisitSignature({
  token,
  pass,
  field,
  value,
  onChange,
  id,
}: {
  token: string;
  pass: string | null;
  field: ReadField;
  value: Json | undefined;
  onChange: (value: Json) => void;
  id: string;
}) {
  const { t } = useTranslation('fields');
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const signed = filesOf(value).length > 0;
  async function keep(picture: File) {
    setBusy(true);
    try {
      const file = await upload<FileView>('public.upload', picture, pass ? { pass } : {}, undefined, { token });
      onChange([{ ...file }]);
      setOpen(false);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
      {signed && <CheckCircleFilled aria-label={t('signature')} style={{ color: 'var(--ant-color-success)' }} />}
      <Button id={id} onClick={() => setOpen(true)}>
        {t(signed ? 'signAgain' : 'sign')}
      </Button>
      <SignatureDialog open={open} title={field.name} busy={busy} onKeep={keep} onClose={() => setOpen(false)} />
    </div>
  );
}
