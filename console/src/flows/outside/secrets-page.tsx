import { PlusOutlined, TeamOutlined } from '@ant-design/icons';
import type { FlowSecretView, SecretKind } from '@lianke/shared/flows/outside-api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { Guard } from '../../admin/guard.js';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { PageError } from '../../app/page-error.js';
import { formatRecent } from '../../shared/format.js';
import '../i18n.js';
import { secretsKey, useSecrets } from '../panel/use-secrets.js';
import { GroupDialog } from './group-dialog.js';
import { GroupLanguageSwitch } from './group-language.js';
import { GroupPeopleDialog } from './group-people-dialog.js';
import { MailSection } from './mail-section.js';
import './outside.css';
import { SecretDialog } from './secret-dialog.js';

/** `/admin/secrets`: what flows use towards other systems. What a secret says can be replaced, never read. */
export function SecretsPage() {
  return (
    <Guard need="admin">
      <Secrets />
    </Guard>
  );
}

function Secrets() {
  const { t } = useTranslation('flows');
  const secrets = useSecrets();
  if (secrets.error && !secrets.data) return <PageError error={secrets.error} retry={() => void secrets.refetch()} />;
  return (
    <div className="outside-page">
      <h1 style={{ fontSize: 18 }}>{t('outside.page')}</h1>
      <p className="muted">{t('outside.pageHint')}</p>
      {secrets.isPending ? (
        <Skeleton active />
      ) : (
        (['secret', 'robot'] as const).map((kind) => (
          <SecretSection key={kind} kind={kind} items={(secrets.data ?? []).filter((item) => item.kind === kind)} />
        ))
      )}
      <MailSection />
    </div>
  );
}

function SecretSection({ kind, items }: { kind: SecretKind; items: readonly FlowSecretView[] }) {
  const { t } = useTranslation('flows');
  const [dialog, setDialog] = useState<'new' | FlowSecretView>();
  const [grouping, setGrouping] = useState(false);
  const secret = kind === 'secret';
  return (
    <section className="outside-section">
      <div className="outside-head">
        <h2>{t(secret ? 'outside.secrets' : 'outside.robots')}</h2>
        {!secret && (
          <Button icon={<TeamOutlined />} onClick={() => setGrouping(true)}>
            {t('outside.addGroup')}
          </Button>
        )}
        <Button icon={<PlusOutlined />} onClick={() => setDialog('new')}>
          {t(secret ? 'outside.addSecret' : 'outside.addRobot')}
        </Button>
      </div>
      <p className="muted">{t(secret ? 'outside.secretsHint' : 'outside.robotsHint')}</p>
      {items.length === 0 && <p className="muted">{t('outside.none')}</p>}
      <ul className="outside-list">
        {items.map((item) => (
          <SecretLine key={item.id} item={item} onRotate={() => setDialog(item)} />
        ))}
      </ul>
      {grouping && <GroupDialog onClose={() => setGrouping(false)} />}
      {dialog && (
        <SecretDialog
          kind={kind}
          rotating={dialog === 'new' ? undefined : dialog}
          onClose={() => setDialog(undefined)}
        />
      )}
    </section>
  );
}

function SecretLine({ item, onRotate }: { item: FlowSecretView; onRotate: () => void }) {
  const { t } = useTranslation('flows');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [people, setPeople] = useState(false);
  const remove = () =>
    modal.confirm({
      title: t('outside.removeAsk', { name: item.name }),
      content: t('outside.removeHint'),
      okText: t('outside.remove'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await api('flowSecrets.delete', { params: { id: item.id } });
          message.success(t('outside.removed'));
          await client.invalidateQueries({ queryKey: secretsKey });
        } catch (error) {
          message.error(messageOf(error));
        }
      },
    });
  return (
    <li>
      <div className="outside-name">
        <strong>{item.name}</strong>
        <div className="muted">
          {t('outside.changed', { who: item.by ?? '', at: formatRecent(item.rotatedAt) })}
          {' · '}
          {item.uses.length === 0
            ? t('outside.unused')
            : item.uses.map((use, index) => (
                <span key={use.id}>
                  {index === 0 ? t('outside.usedBy', { names: '' }) : t('say.and')}
                  <Link to={`/apps/${use.appId}/flows/${use.id}`}>{use.name}</Link>
                </span>
              ))}
        </div>
      </div>
      {item.kind === 'robot' && <GroupLanguageSwitch group={item} />}
      {item.ownGroup ? (
        <Button size="small" icon={<TeamOutlined />} onClick={() => setPeople(true)}>
          {t('outside.groupMembers')}
        </Button>
      ) : (
        <Button size="small" onClick={onRotate}>
          {t('outside.rotate')}
        </Button>
      )}
      <Button size="small" danger onClick={remove}>
        {t('outside.remove')}
      </Button>
      {people && <GroupPeopleDialog group={item} onClose={() => setPeople(false)} />}
    </li>
  );
}
