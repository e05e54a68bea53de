import type { FlowSecretView } from '@lianke/shared/flows/outside-api';
import type { ConnectionId, MemberId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { MemberPicker, MembersPicker } from '../../shared/member-picker.js';
import { secretsKey } from '../panel/use-secrets.js';
import { GroupLanguage } from './group-language.js';

/** 建应用群聊: WeCom's app makes a group of the company's people and writes into it from then on. */
export function GroupDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const connections = useQuery({
    queryKey: ['connections', 'groups'],
    queryFn: async () => (await api('connections.list', {})).items.filter((item) => item.channel === 'wecom'),
  });
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState('');
  const [owner, setOwner] = useState<Reference | null>(null);
  const [members, setMembers] = useState<string[]>([]);
  const [language, setLanguage] = useState<FlowSecretView['language']>('zh');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const connection = chosen ?? connections.data?.[0]?.id;
  const enough = owner !== null && new Set([owner.id, ...members]).size >= 2 && members.length > 0;
  const save = async () => {
    if (!connection || !owner) return;
    setBusy(true);
    setError('');
    try {
      const body = {
        connectionId: connection as ConnectionId,
        name,
        ownerId: owner.id as MemberId,
        memberIds: members as MemberId[],
        language,
      };
      await api('chatGroups.create', { body });
      message.success(t('outside.groupMade'));
      await client.invalidateQueries({ queryKey: secretsKey });
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  const none = connections.data?.length === 0;
  return (
    <Modal
      open
      title={t('outside.addGroup')}
      okText={t('outside.makeGroup')}
      okButtonProps={{ disabled: !connection || name.trim() === '' || !enough, loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      {connections.error && <Alert type="error" showIcon title={messageOf(connections.error)} />}
      {none ? (
        <p className="muted">
          {t('outside.noWecom')} <Link to="/admin/connections">{t('outside.connect')}</Link>
        </p>
      ) : (
        <>
          <p className="muted">{t('outside.groupHint')}</p>
          {(connections.data?.length ?? 0) > 1 && (
            <Labelled label={t('outside.groupConnection')}>
              <Select<string>
                aria-label={t('outside.groupConnection')}
                style={{ width: '100%' }}
                value={connection ?? null}
                onChange={setChosen}
                options={(connections.data ?? []).map((item) => ({ value: item.id as string, label: item.name }))}
              />
            </Labelled>
          )}
          <Labelled label={t('outside.groupName')}>
            <Input
              aria-label={t('outside.groupName')}
              value={name}
              maxLength={40}
              onChange={(event) => setName(event.target.value)}
            />
          </Labelled>
          <Labelled label={t('outside.groupOwner')}>
            <MemberPicker label={t('outside.groupOwner')} value={owner} onChange={setOwner} />
          </Labelled>
          <Labelled label={t('outside.groupPeople')}>
            <MembersPicker label={t('outside.groupPeople')} value={members} onChange={setMembers} />
          </Labelled>
          <GroupLanguage value={language} onChange={setLanguage} />
        </>
      )}
    </Modal>
  );
}
