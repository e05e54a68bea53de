import type { BodyOf } from '@lianke/shared/api/contracts';
import { Alert, Button, Collapse } from 'antd';
import { useState } from 'react';
import { useMe } from '../../api/queries.js';
import { aside } from '../../i18n/punctuation.js';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';
import { AdvancedFold } from './advanced-fold.js';
import { useConnectionText } from './connection-i18n.js';
import { CallbackLines, SecretLine, StateLine, TestStep, TextLine } from './lines.js';
import { MiniStep } from './mini-step.js';
import { useRangeText } from './range-i18n.js';
import { RangeLines } from './range-lines.js';
import { RelayLine } from './relay-line.js';
import { RemoveLine } from './remove-line.js';
import { SidebarStep } from './sidebar-step.js';
import { SiteFilesStep } from './site-files-step.js';
import { Labelled, Step } from './step.js';
import { SyncLine } from './sync-line.js';
import { type Connection, checkOf, useConnection } from './use-connection.js';

export interface ChecklistProps {
  /** Absent: not made yet. */
  connection: Connection | undefined;
  onSaved: (saved: Connection) => void;
}

/** 连接企业微信: the check-list in the order that the platform forces. */
export function WecomSteps({ connection, onSaved }: ChecklistProps) {
  const text = useText();
  const range = useRangeText();
  const connectionText = useConnectionText();
  const ip = checkOf(connection, 'ip');
  const rangeCheck = checkOf(connection, 'range');
  const me = useMe();
  const [name, setName] = useState(connection?.name ?? text('defaultConnectionName'));
  const [corpId, setCorpId] = useState(connection?.corpId ?? '');
  const [agentId, setAgentId] = useState(connection?.agentId ?? '');
  const [secret, setSecret] = useState('');
  const { busy, error, done, ...ask } = useConnection(connection, onSaved);
  const { loginRelay, miniAppId, miniNotices } = connection?.settings ?? {};
  const kept = definedOf({ loginRelay, miniAppId, miniNotices });
  const save = async (change: Partial<BodyOf<'connections.save'>> = {}) => {
    const saved = await ask.save({
      ...(connection ? { id: connection.id } : {}),
      channel: 'wecom',
      name: name.trim(),
      corpId: corpId.trim(),
      agentId: agentId.trim(),
      settings: kept,
      ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
      ...change,
    });
    if (saved) setSecret('');
    return saved;
  };

  const complete =
    name.trim() !== '' &&
    corpId.trim() !== '' &&
    agentId.trim() !== '' &&
    (secret.trim() !== '' || connection?.secretSet);
  return (
    <>
      <StateLine done={done} error={error} />

      <Step n={1} title={text('stepCorp')} where={text('stepCorpWhere')} ok={connection ? true : null}>
        <div className={styles.pair}>
          <TextLine
            id="corp"
            label={text('corpId')}
            value={corpId}
            onChange={setCorpId}
            maxLength={64}
            placeholder="ww…"
          />
          <TextLine
            id="name"
            label={`${text('connectionName')}${aside(text('connectionNameHint'))}`}
            value={name}
            onChange={setName}
            maxLength={40}
          />
        </div>
      </Step>

      <Step
        n={2}
        title={text('stepApp')}
        where={text('stepAppWhere')}
        ok={checkOf(connection, 'secret')?.ok ?? null}
        message={checkOf(connection, 'secret')?.message}
      >
        <div className={styles.pair}>
          <TextLine
            id="agent"
            label={text('agentId')}
            value={agentId}
            onChange={setAgentId}
            maxLength={32}
            placeholder="1000002"
            numeric
          />
          <SecretLine
            id="secret"
            label={text('secret')}
            value={secret}
            onChange={setSecret}
            kept={connection?.secretSet ?? false}
          />
        </div>
        <div>
          <Button
            type={connection ? 'default' : 'primary'}
            disabled={!complete}
            loading={busy === 'save'}
            onClick={() => void save()}
          >
            {text('saveConnection')}
          </Button>
        </div>
      </Step>

      <SiteFilesStep
        n={3}
        connection={connection}
        busy={busy === 'files'}
        onPut={ask.putFile}
        onRemove={(file) => void ask.removeFile(file)}
      >
        <CopyLine name={text('stepDomain')} value={window.location.host} />
        {isLocal(window.location.hostname) && !me.data?.sandbox && (
          <Alert type="info" showIcon title={text('httpOnly', { host: window.location.host })} />
        )}
      </SiteFilesStep>

      <Step
        n={4}
        title={text('stepCallback')}
        where={text('stepCallbackWhere')}
        ok={checkOf(connection, 'callback')?.ok ?? null}
        message={checkOf(connection, 'callback')?.message}
      >
        <CallbackLines
          connection={connection}
          labels={{
            url: text('callbackUrl'),
            token: text('callbackToken'),
            aesKey: text('callbackAesKey'),
            saveFirst: text('saveFirst'),
          }}
        />
      </Step>

      <Step n={5} title={text('stepIp')} where={text('stepIpWhere')} ok={ip?.ok ?? null} message={ip?.message}>
        {ip?.copy !== undefined && (
          <Labelled label={text('stepIpCopy')}>
            <CopyLine name={text('stepIpCopy')} value={ip.copy} />
          </Labelled>
        )}
        {connection && ip?.ok !== true && (
          <div>
            <Button disabled={!complete} loading={busy === 'save'} onClick={() => void save()}>
              {text('checkNow')}
            </Button>
          </div>
        )}
      </Step>

      <Step
        n={6}
        title={text('stepContacts')}
        where={text('stepContactsWhere')}
        ok={checkOf(connection, 'contacts')?.ok ?? null}
        message={checkOf(connection, 'contacts')?.message}
      >
        {connection && <SyncLine connection={connection} busy={busy === 'sync'} onSync={() => void ask.sync()} />}
      </Step>

      <Step
        n={7}
        title={range('step')}
        where={range('where')}
        ok={rangeCheck?.ok ?? null}
        message={rangeCheck?.message}
      >
        {connection && <RangeLines connection={connection} />}
      </Step>

      <Step
        n={8}
        title={text('stepLoginDomain')}
        where={text('stepLoginDomainWhere')}
        ok={checkOf(connection, 'login')?.ok ?? null}
        message={checkOf(connection, 'login')?.message}
      >
        <CopyLine name={text('stepLoginDomain')} value={loginHost(connection)} />
        {connection?.secretSet && (
          <>
            <div className="muted">{text('stepLoginDomainTryHint')}</div>
            <div>
              <Button href={trialOf(connection)} target="_blank">
                {text('stepLoginDomainTry')}
              </Button>
            </div>
          </>
        )}
        {connection?.secretSet && (
          <Collapse
            size="small"
            items={[
              {
                key: 'relay',
                label: connectionText('relay'),
                children: (
                  <RelayLine
                    connection={connection}
                    busy={busy === 'save'}
                    onRelay={(relay) => save({ settings: definedOf({ ...kept, loginRelay: relay ?? undefined }) })}
                  />
                ),
              },
            ]}
          />
        )}
      </Step>

      <Step
        n={9}
        title={text('stepPeople')}
        where={text('stepPeopleWhere')}
        ok={checkOf(connection, 'people')?.ok ?? null}
        message={checkOf(connection, 'people')?.message}
      />

      <SidebarStep n={10} connection={connection} />

      <MiniStep
        n={11}
        connection={connection}
        busy={busy === 'save'}
        onSave={(mini) => void save({ settings: definedOf({ loginRelay, ...mini }) })}
      />

      <TestStep
        n={12}
        connection={connection}
        busy={busy === 'test'}
        onTest={() => void ask.test()}
        labels={{
          title: text('stepTest'),
          where: text('stepTestWhere'),
          send: text('sendTest'),
          sendAgain: text('sendAgain'),
        }}
      />

      <AdvancedFold connection={connection} busy={busy === 'save'} onProxy={(proxy) => save({ proxy })} />
      <RemoveLine connection={connection} onRemove={ask.remove} />
    </>
  );
}

/** What is not set is left out. */
function definedOf<T extends object>(settings: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const defined = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}

/** Where log-ins come back: to this page's host, or to the system that passes them on. */
function loginHost(connection: Connection | undefined): string {
  const relay = connection?.settings.loginRelay;
  return relay === undefined ? window.location.host : new URL(relay).host;
}

/** The platform's log-in page, for a way there and back that logs nobody in. */
function trialOf({ id, channel }: Connection): string {
  const query = new URLSearchParams({ connectionId: id, trial: '1', returnTo: '/admin/connections' });
  return `/api/v1/auth/${channel}/start?${query}`;
}

/** Addresses that WeCom cannot reach or trust. */
function isLocal(host: string): boolean {
  return host === 'localhost' || /^[\d.]+$/.test(host) || host.includes(':');
}
