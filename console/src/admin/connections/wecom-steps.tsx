import { Alert, Button, Input, Tag } from 'antd';
import { useState } from 'react';
import { useMe } from '../../api/queries.js';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';
import { RemoveLine } from './remove-line.js';
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
  const me = useMe();
  const [name, setName] = useState(connection?.name ?? text('defaultConnectionName'));
  const [corpId, setCorpId] = useState(connection?.corpId ?? '');
  const [agentId, setAgentId] = useState(connection?.agentId ?? '');
  const [secret, setSecret] = useState('');
  const { busy, error, done, ...ask } = useConnection(connection, onSaved);
  const save = async () => {
    const saved = await ask.save({
      ...(connection ? { id: connection.id } : {}),
      channel: 'wecom',
      name: name.trim(),
      corpId: corpId.trim(),
      agentId: agentId.trim(),
      ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
    });
    if (saved) setSecret('');
  };

  const card = checkOf(connection, 'card');
  const complete =
    name.trim() !== '' &&
    corpId.trim() !== '' &&
    agentId.trim() !== '' &&
    (secret.trim() !== '' || connection?.secretSet);
  return (
    <>
      {done && <Tag color="success">{text('connected')}</Tag>}
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}

      <Step n={1} title={text('stepCorp')} where={text('stepCorpWhere')} ok={connection ? true : null}>
        <div className={styles.pair}>
          <Labelled id="corp" label={text('corpId')}>
            <Input
              id="corp"
              value={corpId}
              maxLength={64}
              placeholder="ww…"
              onChange={(event) => setCorpId(event.target.value)}
            />
          </Labelled>
          <Labelled id="name" label={`${text('connectionName')}（${text('connectionNameHint')}）`}>
            <Input id="name" value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
          </Labelled>
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
          <Labelled id="agent" label={text('agentId')}>
            <Input
              id="agent"
              value={agentId}
              maxLength={32}
              placeholder="1000002"
              inputMode="numeric"
              onChange={(event) => setAgentId(event.target.value)}
            />
          </Labelled>
          <Labelled id="secret" label={text('secret')}>
            <Input.Password
              id="secret"
              value={secret}
              maxLength={200}
              autoComplete="off"
              placeholder={connection?.secretSet ? text('secretKept') : ''}
              onChange={(event) => setSecret(event.target.value)}
            />
          </Labelled>
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

      <Step
        n={3}
        title={text('stepContacts')}
        where={text('stepIp')}
        ok={checkOf(connection, 'contacts')?.ok ?? null}
        message={checkOf(connection, 'contacts')?.message}
      >
        {connection && <SyncLine connection={connection} busy={busy === 'sync'} onSync={() => void ask.sync()} />}
      </Step>

      {/* Nothing tells whether the domain is set before somebody logs in through it. */}
      <Step
        n={4}
        title={text('stepDomain')}
        where={text('stepDomainWhere')}
        ok={null}
        message={text('stepDomainUnseen')}
      >
        <CopyLine name={text('stepDomain')} value={window.location.host} />
        {isLocal(window.location.hostname) && !me.data?.sandbox && (
          <Alert type="info" showIcon title={text('httpOnly', { host: window.location.host })} />
        )}
      </Step>

      <Step
        n={5}
        title={text('stepCallback')}
        where={text('stepCallbackWhere')}
        ok={checkOf(connection, 'callback')?.ok ?? null}
        message={checkOf(connection, 'callback')?.message}
      >
        {connection ? (
          <>
            <Labelled label={text('callbackUrl')}>
              <CopyLine name={text('callbackUrl')} value={connection.callbackUrl} />
            </Labelled>
            <div className={styles.pair}>
              <Labelled label={text('callbackToken')}>
                <CopyLine name={text('callbackToken')} value={connection.callbackToken} />
              </Labelled>
              <Labelled label={text('callbackAesKey')}>
                <CopyLine name={text('callbackAesKey')} value={connection.callbackAesKey} />
              </Labelled>
            </div>
          </>
        ) : (
          <div className="muted">{text('saveFirst')}</div>
        )}
      </Step>

      <Step n={6} title={text('stepTest')} where={text('stepTestWhere')} ok={card?.ok ?? null} message={card?.message}>
        <div>
          <Button
            type="primary"
            disabled={!connection?.secretSet}
            loading={busy === 'test'}
            onClick={() => void ask.test()}
          >
            {text(card?.ok ? 'sendAgain' : 'sendTest')}
          </Button>
        </div>
      </Step>

      <RemoveLine connection={connection} onRemove={ask.remove} />
    </>
  );
}

/** Addresses that WeCom cannot reach or trust. */
function isLocal(host: string): boolean {
  return host === 'localhost' || /^[\d.]+$/.test(host) || host.includes(':');
}
