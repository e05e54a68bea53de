import { appPermissions, cardRecipe } from '@lianke/shared/chat/dingtalk-setup';
import { Alert, Button, Input, Radio, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';
import { AccountsLine } from './accounts-line.js';
import { useDingText } from './dingtalk-i18n.js';
import { RemoveLine } from './remove-line.js';
import { Labelled, Step } from './step.js';
import { SyncLine } from './sync-line.js';
import { checkOf, useConnection } from './use-connection.js';
import type { ChecklistProps } from './wecom-steps.js';

/** 连接钉钉: the check-list in the order that the platform forces. */
export function DingtalkSteps({ connection, onSaved }: ChecklistProps) {
  const text = useText();
  const ding = useDingText();
  const language = useTranslation().i18n.language.startsWith('en') ? 'en' : 'zh';
  const [name, setName] = useState(connection?.name ?? ding('defaultName'));
  const [corpId, setCorpId] = useState(connection?.corpId ?? '');
  const [agentId, setAgentId] = useState(connection?.agentId ?? '');
  const [appKey, setAppKey] = useState(connection?.appKey ?? '');
  const [secret, setSecret] = useState('');
  const [push, setPush] = useState(connection?.settings.push ?? 'stream');
  const [robotCode, setRobotCode] = useState(connection?.settings.robotCode ?? '');
  const [cardTemplateId, setTemplate] = useState(connection?.settings.cardTemplateId ?? '');
  const { busy, error, done, ...ask } = useConnection(connection, onSaved);

  const save = async (change: { push?: 'stream' | 'http' } = {}) => {
    const saved = await ask.save({
      ...(connection ? { id: connection.id } : {}),
      channel: 'dingtalk',
      name: name.trim(),
      corpId: corpId.trim(),
      agentId: agentId.trim(),
      appKey: appKey.trim(),
      settings: { push, robotCode: robotCode.trim(), cardTemplateId: cardTemplateId.trim(), ...change },
      ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
    });
    if (saved) setSecret('');
  };
  const complete =
    [name, corpId, agentId, appKey].every((value) => value.trim() !== '') &&
    (secret.trim() !== '' || connection?.secretSet);
  const saveButton = (
    <div>
      <Button disabled={!complete} loading={busy === 'save'} onClick={() => void save()}>
        {ding('save')}
      </Button>
    </div>
  );
  const callback = checkOf(connection, 'callback');
  const template = checkOf(connection, 'template');
  const contacts = checkOf(connection, 'contacts');
  const card = checkOf(connection, 'card');
  const secretCheck = checkOf(connection, 'secret');
  return (
    <>
      {done && <Tag color="success">{text('connected')}</Tag>}
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}

      <Step
        n={1}
        title={ding('appTitle')}
        where={ding('appWhere')}
        ok={secretCheck?.ok ?? null}
        message={secretCheck?.message}
      >
        <div className={styles.pair}>
          <Labelled id="ding-corp" label={`${ding('corpId')}（${ding('corpHint')}）`}>
            <Input
              id="ding-corp"
              value={corpId}
              maxLength={64}
              placeholder="ding…"
              onChange={(event) => setCorpId(event.target.value)}
            />
          </Labelled>
          <Labelled id="ding-agent" label={ding('agentId')}>
            <Input
              id="ding-agent"
              value={agentId}
              maxLength={32}
              inputMode="numeric"
              onChange={(event) => setAgentId(event.target.value)}
            />
          </Labelled>
          <Labelled id="ding-key" label={ding('appKey')}>
            <Input
              id="ding-key"
              value={appKey}
              maxLength={100}
              placeholder="ding…"
              onChange={(event) => setAppKey(event.target.value)}
            />
          </Labelled>
          <Labelled id="ding-secret" label={ding('appSecret')}>
            <Input.Password
              id="ding-secret"
              value={secret}
              maxLength={200}
              autoComplete="off"
              placeholder={connection?.secretSet ? text('secretKept') : ''}
              onChange={(event) => setSecret(event.target.value)}
            />
          </Labelled>
          <Labelled id="ding-name" label={ding('name')}>
            <Input id="ding-name" value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
          </Labelled>
        </div>
        {saveButton}
      </Step>

      <Step
        n={2}
        title={ding('permissionsTitle')}
        where={ding('permissionsWhere')}
        ok={null}
        message={ding('permissionsState')}
      >
        <CopyLine name={ding('permissionsCopy')} value={appPermissions.map((each) => each.code).join(' ')} />
        <ul style={{ margin: 0, paddingLeft: 20 }}>
          {appPermissions.map((each) => (
            <li key={each.code}>
              <code style={{ overflowWrap: 'anywhere' }}>{each.code}</code> {each[language]}{' '}
              {each.optional && <Tag>{ding('optional')}</Tag>}
            </li>
          ))}
        </ul>
      </Step>

      <Step
        n={3}
        title={ding('robotTitle')}
        where={ding('robotWhere')}
        ok={card?.ok === true ? true : null}
        message={card?.ok === true ? undefined : ding('robotState')}
      >
        <Labelled id="ding-robot" label={ding('robotCode')}>
          <Input
            id="ding-robot"
            value={robotCode}
            maxLength={100}
            onChange={(event) => setRobotCode(event.target.value)}
          />
        </Labelled>
      </Step>

      <Step
        n={4}
        title={ding('pushTitle')}
        where={ding('pushWhere')}
        ok={callback?.ok ?? null}
        message={callback?.message}
      >
        <Radio.Group
          value={push}
          onChange={(event) => {
            const next = event.target.value as 'stream' | 'http';
            setPush(next);
            if (connection) void save({ push: next });
          }}
          options={[
            { value: 'stream', label: ding('stream') },
            { value: 'http', label: ding('http') },
          ]}
        />
        {push === 'http' &&
          (connection ? (
            <>
              <Labelled label={ding('url')}>
                <CopyLine name={ding('url')} value={connection.callbackUrl} />
              </Labelled>
              <div className={styles.pair}>
                <Labelled label={ding('token')}>
                  <CopyLine name={ding('token')} value={connection.callbackToken} />
                </Labelled>
                <Labelled label={ding('aesKey')}>
                  <CopyLine name={ding('aesKey')} value={connection.callbackAesKey} />
                </Labelled>
              </div>
            </>
          ) : (
            <div className="muted">{ding('saveFirst')}</div>
          ))}
      </Step>

      <Step n={5} title={ding('redirectTitle')} where={ding('redirectWhere')} ok={null} message={ding('redirectState')}>
        <CopyLine name={ding('redirectTitle')} value={`${window.location.origin}/api/v1/auth/dingtalk/callback`} />
        {connection && (
          <>
            <div className="muted">{ding('homeWhere')}</div>
            <CopyLine name={ding('home')} value={`${window.location.origin}/m/?connection=${connection.id}`} />
          </>
        )}
      </Step>

      <Step n={6} title={ding('releaseTitle')} where={ding('releaseWhere')} ok={contacts?.ok ?? null} />

      <Step
        n={7}
        title={ding('contactsTitle')}
        where={ding('contactsWhere')}
        ok={contacts?.ok ?? null}
        message={contacts?.message}
      >
        {connection && <SyncLine connection={connection} busy={busy === 'sync'} onSync={() => void ask.sync()} />}
        {connection && (
          <>
            <div className="muted">{ding('peopleWhere')}</div>
            <AccountsLine connection={connection} />
          </>
        )}
      </Step>

      <Step
        n={8}
        title={ding('templateTitle')}
        where={ding('templateWhere')}
        ok={template?.ok ?? null}
        message={template?.message}
      >
        <CopyLine name={ding('variables')} value={cardRecipe.map((each) => each.name).join(' ')} />
        <Table
          size="small"
          rowKey="name"
          pagination={false}
          scroll={{ x: true }}
          dataSource={[...cardRecipe]}
          columns={[
            { title: ding('variable'), dataIndex: 'name', render: (value: string) => <code>{value}</code> },
            { title: ding('use'), key: 'use', render: (_, each: (typeof cardRecipe)[number]) => each.use[language] },
          ]}
        />
        <Labelled id="ding-template" label={ding('templateId')}>
          <Input
            id="ding-template"
            value={cardTemplateId}
            maxLength={100}
            placeholder="….schema"
            onChange={(event) => setTemplate(event.target.value)}
          />
        </Labelled>
        {saveButton}
      </Step>

      <Step n={9} title={ding('testTitle')} where={ding('testWhere')} ok={card?.ok ?? null} message={card?.message}>
        <div>
          <Button
            type="primary"
            disabled={!connection?.secretSet}
            loading={busy === 'test'}
            onClick={() => void ask.test()}
          >
            {ding(card?.ok ? 'sendAgain' : 'send')}
          </Button>
        </div>
      </Step>

      <RemoveLine connection={connection} onRemove={ask.remove} />
    </>
  );
}
