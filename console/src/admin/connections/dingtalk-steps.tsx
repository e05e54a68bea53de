import { appPermissions, cardRecipe } from '@lianke/shared/chat/dingtalk-setup';
import { Button, Radio, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { aside } from '../../i18n/punctuation.js';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { AccountsLine } from './accounts-line.js';
import { AdvancedFold } from './advanced-fold.js';
import { DingMiniStep } from './ding-mini-step.js';
import { useDingText } from './dingtalk-i18n.js';
import { CallbackLines, SecretLine, StateLine, TestStep, TextLine } from './lines.js';
import { useRangeText } from './range-i18n.js';
import { RangeLines } from './range-lines.js';
import { RemoveLine } from './remove-line.js';
import { Step } from './step.js';
import { SyncLine } from './sync-line.js';
import { checkOf, useConnection } from './use-connection.js';
import type { ChecklistProps } from './wecom-steps.js';

/** 连接钉钉: the check-list in the order that the platform forces. */
export function DingtalkSteps({ connection, onSaved }: ChecklistProps) {
  const ding = useDingText();
  const range = useRangeText();
  const rangeCheck = checkOf(connection, 'range');
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

  const save = async (
    change: { push?: 'stream' | 'http'; miniPages?: boolean } = {},
    more: { proxy?: string | null } = {},
  ) => {
    const saved = await ask.save({
      ...(connection ? { id: connection.id } : {}),
      channel: 'dingtalk',
      name: name.trim(),
      corpId: corpId.trim(),
      agentId: agentId.trim(),
      appKey: appKey.trim(),
      settings: {
        push,
        robotCode: robotCode.trim(),
        cardTemplateId: cardTemplateId.trim(),
        miniPages: connection?.settings.miniPages ?? false,
        ...change,
      },
      ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
      ...more,
    });
    if (saved) setSecret('');
    return saved;
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
  const permissions = checkOf(connection, 'permissions');
  const login = checkOf(connection, 'login');
  const ip = checkOf(connection, 'ip');
  return (
    <>
      <StateLine done={done} error={error} />

      <Step
        n={1}
        title={ding('appTitle')}
        where={ding('appWhere')}
        ok={secretCheck?.ok ?? null}
        message={secretCheck?.message}
      >
        <div className={styles.pair}>
          <TextLine
            id="ding-corp"
            label={`${ding('corpId')}${aside(ding('corpHint'))}`}
            value={corpId}
            onChange={setCorpId}
            maxLength={64}
            placeholder="ding…"
          />
          <TextLine
            id="ding-agent"
            label={ding('agentId')}
            value={agentId}
            onChange={setAgentId}
            maxLength={32}
            numeric
          />
          <TextLine
            id="ding-key"
            label={ding('appKey')}
            value={appKey}
            onChange={setAppKey}
            maxLength={100}
            placeholder="ding…"
          />
          <SecretLine
            id="ding-secret"
            label={ding('appSecret')}
            value={secret}
            onChange={setSecret}
            kept={connection?.secretSet ?? false}
          />
          <TextLine id="ding-name" label={ding('name')} value={name} onChange={setName} maxLength={40} />
        </div>
        {saveButton}
      </Step>

      <Step
        n={2}
        title={ding('permissionsTitle')}
        where={ding('permissionsWhere')}
        ok={permissions?.ok ?? null}
        message={permissions?.message}
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
        <div className="muted">{ding(push === 'http' ? 'robotHttp' : 'robotStream')}</div>
        {push === 'http' &&
          (connection ? (
            <CopyLine name={ding('robotUrl')} value={`${connection.callbackUrl}/robot`} />
          ) : (
            <div className="muted">{ding('saveFirst')}</div>
          ))}
        <TextLine id="ding-robot" label={ding('robotCode')} value={robotCode} onChange={setRobotCode} maxLength={100} />
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
        {push === 'http' && (
          <CallbackLines
            connection={connection}
            labels={{ url: ding('url'), token: ding('token'), aesKey: ding('aesKey'), saveFirst: ding('saveFirst') }}
          />
        )}
      </Step>

      <Step
        n={5}
        title={ding('redirectTitle')}
        where={ding('redirectWhere')}
        ok={login?.ok ?? null}
        message={login?.message}
      >
        <CopyLine name={ding('redirectTitle')} value={`${window.location.origin}/api/v1/auth/dingtalk/callback`} />
        {connection && (
          <>
            <div className="muted">{ding('homeWhere')}</div>
            <CopyLine name={ding('home')} value={`${window.location.origin}/m/?connection=${connection.id}`} />
            <CopyLine name={ding('pcHome')} value={`${window.location.origin}/`} />
          </>
        )}
      </Step>

      <Step n={6} title={ding('ipTitle')} where={ding('ipWhere')} ok={ip?.ok ?? null} message={ip?.message}>
        {ip?.copy !== undefined && <CopyLine name={ding('ipCopy')} value={ip.copy} />}
      </Step>

      <Step
        n={7}
        title={ding('releaseTitle')}
        where={ding('releaseWhere')}
        ok={rangeCheck?.ok ?? null}
        message={rangeCheck?.message}
      >
        <div className="muted">{range('dingWhere')}</div>
        {connection && <RangeLines connection={connection} />}
      </Step>

      <Step
        n={8}
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
        n={9}
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
        <TextLine
          id="ding-template"
          label={ding('templateId')}
          value={cardTemplateId}
          onChange={setTemplate}
          maxLength={100}
          placeholder="….schema"
        />
        {saveButton}
      </Step>

      <DingMiniStep
        n={10}
        connection={connection}
        busy={busy === 'save'}
        onSave={(miniPages) => void save({ miniPages })}
      />

      <TestStep
        n={11}
        connection={connection}
        busy={busy === 'test'}
        onTest={() => void ask.test()}
        labels={{
          title: ding('testTitle'),
          where: ding('testWhere'),
          send: ding('send'),
          sendAgain: ding('sendAgain'),
        }}
      />

      <AdvancedFold connection={connection} busy={busy === 'save'} onProxy={(proxy) => save({}, { proxy })} />
      <RemoveLine connection={connection} onRemove={ask.remove} />
    </>
  );
}
