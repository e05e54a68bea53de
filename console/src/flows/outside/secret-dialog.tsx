import type { FlowSecretView, SecretKind } from '@lianke/shared/flows/outside-api';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { secretsKey } from '../panel/use-secrets.js';
import { GroupLanguage } from './group-language.js';

interface Props {
  kind: SecretKind;
  /** Replaces what this one says; a new one is made when absent. */
  rotating: FlowSecretView | undefined;
  onClose: () => void;
}

/** Types a secret in: it is sent once and never comes back. */
export function SecretDialog({ kind, rotating, onClose }: Props) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [signature, setSignature] = useState('');
  const [language, setLanguage] = useState<FlowSecretView['language']>('zh');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const robot = kind === 'robot';
  const dingtalk = robot && value.includes('/robot/send');
  const complete = value.trim() !== '' && (rotating !== undefined || name.trim() !== '');
  const save = async () => {
    setBusy(true);
    setError('');
    const said = { value, ...(dingtalk && signature.trim() ? { signature } : {}) };
    try {
      if (rotating) await api('flowSecrets.rotate', { params: { id: rotating.id }, body: said });
      else await api('flowSecrets.create', { body: { name, kind, language, ...said } });
      message.success(t(rotating ? 'outside.rotated' : 'outside.created'));
      await client.invalidateQueries({ queryKey: secretsKey });
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  const words = t(robot ? 'outside.address' : 'outside.value');
  return (
    <Modal
      open
      title={
        rotating
          ? t('outside.rotateTitle', { name: rotating.name })
          : t(robot ? 'outside.addRobot' : 'outside.addSecret')
      }
      okText={t('outside.save')}
      okButtonProps={{ disabled: !complete, loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      {!rotating && (
        <Labelled label={t('outside.name')}>
          <Input
            autoFocus
            aria-label={t('outside.name')}
            value={name}
            maxLength={40}
            onChange={(event) => setName(event.target.value)}
          />
        </Labelled>
      )}
      <Labelled label={words} hint={t('outside.valueHint')}>
        <Input.Password
          autoComplete="new-password"
          aria-label={words}
          placeholder={robot ? 'https://' : ''}
          value={value}
          maxLength={4000}
          onChange={(event) => setValue(event.target.value)}
        />
      </Labelled>
      {dingtalk && (
        <Labelled label={t('outside.signature')}>
          <Input.Password
            autoComplete="new-password"
            aria-label={t('outside.signature')}
            value={signature}
            maxLength={200}
            onChange={(event) => setSignature(event.target.value)}
          />
        </Labelled>
      )}
      {robot && !rotating && <GroupLanguage value={language} onChange={setLanguage} />}
    </Modal>
  );
}
