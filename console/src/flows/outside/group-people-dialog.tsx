import type { ChatGroupView } from '@lianke/shared/chat/groups';
import type { FlowSecretView } from '@lianke/shared/flows/outside-api';
import type { MemberId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Modal, Skeleton, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { MembersPicker } from '../../shared/member-picker.js';
import { Person } from '../../shared/person.js';

/** Name, owner and people of a group that the company's app has made, as the platform has them at the moment. */
export function GroupPeopleDialog({ group, onClose }: { group: FlowSecretView; onClose: () => void }) {
  const { t } = useTranslation('flows');
  const known = useQuery({
    queryKey: ['chat-groups', group.id],
    queryFn: () => api('chatGroups.read', { params: { id: group.id } }),
    // People come and go on their phones: what was read a while ago is not shown.
    gcTime: 0,
  });
  if (known.data) return <Editor group={group} known={known.data} onClose={onClose} />;
  return (
    <Modal open title={t('outside.groupTitle', { name: group.name })} footer={null} onCancel={onClose}>
      {known.error ? <Alert type="error" showIcon title={messageOf(known.error)} /> : <Skeleton active />}
    </Modal>
  );
}

type GroupPerson = ChatGroupView['people'][number];

function Editor({ group, known, onClose }: { group: FlowSecretView; known: ChatGroupView; onClose: () => void }) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [name, setName] = useState(known.name);
  const [owner, setOwner] = useState(known.people.find((person) => person.owner)?.userid);
  const [gone, setGone] = useState<readonly string[]>([]);
  const [added, setAdded] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const before = known.people.find((person) => person.owner)?.userid;
  const newOwner = owner === before ? undefined : known.people.find((person) => person.userid === owner)?.member?.id;
  const renamed = name.trim() !== known.name;
  const changed = renamed || newOwner !== undefined || gone.length > 0 || added.length > 0;
  const save = async () => {
    setBusy(true);
    setError('');
    try {
      const body = {
        ...(renamed ? { name: name.trim() } : {}),
        ...(newOwner === undefined ? {} : { ownerId: newOwner }),
        add: added as MemberId[],
        remove: [...gone],
      };
      await api('chatGroups.change', { params: { id: group.id }, body });
      message.success(t('outside.groupChanged'));
      await client.invalidateQueries({ queryKey: ['chat-groups', group.id] });
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  const move = ({ userid }: GroupPerson) =>
    setGone(gone.includes(userid) ? gone.filter((each) => each !== userid) : [...gone, userid]);
  return (
    <Modal
      open
      title={t('outside.groupTitle', { name: group.name })}
      okText={t('outside.save')}
      okButtonProps={{ disabled: !changed || name.trim() === '', loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      <Labelled label={t('outside.groupName')} hint={t('outside.groupNameHint', { name: group.name })}>
        <Input
          aria-label={t('outside.groupName')}
          value={name}
          maxLength={40}
          onChange={(event) => setName(event.target.value)}
        />
      </Labelled>
      <Labelled label={t('outside.groupIn', { count: known.people.length })}>
        <ul className="outside-people">
          {known.people.map((person) => {
            const leaving = gone.includes(person.userid);
            return (
              <li key={person.userid} data-leaving={leaving || undefined}>
                <Person name={person.member?.label ?? t('outside.stranger', { account: person.userid })} />
                {person.userid === owner ? (
                  <Tag color="blue">{t('outside.groupOwner')}</Tag>
                ) : (
                  <span className="outside-actions">
                    {person.member && !leaving && (
                      <Button size="small" type="text" onClick={() => setOwner(person.userid)}>
                        {t('outside.makeOwner')}
                      </Button>
                    )}
                    <Button size="small" type="text" danger={!leaving} onClick={() => move(person)}>
                      {t(leaving ? 'outside.keepIn' : 'outside.takeOut')}
                    </Button>
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      </Labelled>
      <Labelled label={t('outside.groupAdd')}>
        <MembersPicker label={t('outside.groupAdd')} value={added} onChange={setAdded} />
      </Labelled>
    </Modal>
  );
}
