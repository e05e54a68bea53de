import { fieldTypes } from '@lianke/shared/fields/registry';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Modal, Skeleton, Switch } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { type DesignField, isNew } from '../model/design.js';
import { SwitchProp } from '../properties/prop.js';
import { ConversionOutcome } from './conversion-outcome.js';
import { useConversions, useRenewConversions } from './use-conversions.js';

/** 加密存储: said of a new field; a published one's values are converted in the background. */
export function EncryptionSwitch({ field }: { field: DesignField }) {
  const text = useText();
  const { act, dirty, form } = useDesigner();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const busy = useConversions(form.id).some((item) => item.state === 'running');
  if (!fieldTypes[field.type].mayBeEncrypted) return null;
  const fresh = isNew(field);
  const change = (encrypted: boolean) => {
    if (fresh) act({ type: 'updateField', uid: field.uid, patch: { encrypted } });
    else if (dirty) message.info(text('convertPublishFirst'));
    else setOpen(true);
  };
  return (
    <>
      <SwitchProp label={text('encrypted')} hint={text(field.encrypted ? 'encryptedOnHint' : 'encryptedHint')}>
        <Switch checked={field.encrypted === true} disabled={!fresh && busy} onChange={change} />
      </SwitchProp>
      {open && <EncryptionDialog field={field} onClose={() => setOpen(false)} />}
    </>
  );
}

function EncryptionDialog({ field, onClose }: { field: DesignField; onClose: () => void }) {
  const text = useText();
  const { form } = useDesigner();
  const { message } = App.useApp();
  const renew = useRenewConversions();
  const [busy, setBusy] = useState(false);
  const params = { formId: form.id, fieldId: String(field.id) };
  const body = { type: field.type, config: {}, makeOptions: false, encrypted: !field.encrypted };
  const { data: found, error } = useQuery({
    queryKey: ['conversionPreview', form.id, form.version, field.id, body],
    queryFn: () => api('conversions.preview', { params, body }),
    gcTime: 0,
    staleTime: 0,
  });
  const start = () => {
    setBusy(true);
    api('conversions.start', { params, body: { ...body, version: form.version } })
      .then(() => renew(form.id))
      .then(() => {
        message.success(text('convertStarted'));
        onClose();
      })
      .catch((failure) => message.error(messageOf(failure)))
      .finally(() => setBusy(false));
  };
  return (
    <Modal
      open
      width={640}
      title={text(field.encrypted ? 'encryptOff' : 'encryptOn', { name: field.name })}
      okText={text('convertStart')}
      okButtonProps={{ loading: busy, disabled: !found || found.refusal !== null }}
      onOk={start}
      onCancel={onClose}
    >
      <p className="muted">{text(field.encrypted ? 'encryptOffHint' : 'encryptOnHint')}</p>
      {error ? (
        <Alert type="error" showIcon title={messageOf(error)} />
      ) : found ? (
        <ConversionOutcome found={found} field={field} onLeave={onClose} />
      ) : (
        <Skeleton active paragraph={{ rows: 3 }} />
      )}
    </Modal>
  );
}
