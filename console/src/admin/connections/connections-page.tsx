import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Skeleton, Tag } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys, useMe } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { Guard } from '../guard.js';
import { useText } from '../i18n.js';
import { SyncLine } from './sync-line.js';

type Connection = AnswerOf<'connections.save'>;
/** ms between two looks while a test card waits for its button, or a synchronisation for its end. */
const lookEvery = 2000;

/** 连接企业微信: the check-list in the order that the platform forces. */
export function ConnectionsPage() {
  return (
    <Guard need="admin">
      <Connections />
    </Guard>
  );
}

function checkOf(connection: Connection | undefined, key: string) {
  return connection?.checks.find((check) => check.key === key);
}

function Connections() {
  const text = useText();
  const connections = useQuery({
    queryKey: keys.connections,
    queryFn: async () => (await api('connections.list', {})).items,
    refetchInterval: ({ state }) => {
      const first = state.data?.find((item) => item.channel === 'wecom');
      return first?.sync.state === 'queued' || first?.checks.some((check) => check.ok !== true) ? lookEvery : false;
    },
  });
  if (connections.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (connections.error && !connections.data) {
    return <PageError error={connections.error} retry={() => void connections.refetch()} />;
  }
  const connection = connections.data?.find((item) => item.channel === 'wecom');
  return <Wecom key={connection?.id ?? 'new'} connection={connection} title={text('connectTitle')} />;
}

function Wecom({ connection, title }: { connection: Connection | undefined; title: string }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const me = useMe();
  const [name, setName] = useState(connection?.name ?? text('defaultConnectionName'));
  const [corpId, setCorpId] = useState(connection?.corpId ?? '');
  const [agentId, setAgentId] = useState(connection?.agentId ?? '');
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState<'save' | 'test' | 'sync'>();
  const [error, setError] = useState('');

  const put = (saved: Connection) =>
    client.setQueryData<Connection[]>(keys.connections, (old = []) =>
      old.some((item) => item.id === saved.id)
        ? old.map((item) => (item.id === saved.id ? saved : item))
        : [...old, saved],
    );
  const run = async (what: 'save' | 'test' | 'sync', call: () => Promise<Connection>) => {
    setBusy(what);
    setError('');
    try {
      put(await call());
      if (what === 'save') setSecret('');
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(undefined);
    }
  };
  const save = () =>
    run('save', () =>
      api('connections.save', {
        body: {
          ...(connection ? { id: connection.id } : {}),
          channel: 'wecom',
          name: name.trim(),
          corpId: corpId.trim(),
          agentId: agentId.trim(),
          ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
        },
      }),
    );
  const test = () => {
    if (!connection) return Promise.resolve();
    return run('test', () => api('connections.test', { params: { id: connection.id } }));
  };

  const sync = () => {
    if (!connection) return Promise.resolve();
    return run('sync', () => api('connections.sync', { params: { id: connection.id } }));
  };

  const card = checkOf(connection, 'card');
  const done = connection?.checks.every((check) => check.ok === true) ?? false;
  const [was, setWas] = useState(done);
  useEffect(() => {
    if (done && !was) message.success(text('connected'));
    setWas(done);
  }, [done, was, message, text]);

  const complete =
    name.trim() !== '' &&
    corpId.trim() !== '' &&
    agentId.trim() !== '' &&
    (secret.trim() !== '' || connection?.secretSet);
  return (
    <div className={styles.narrow}>
      <div className={styles.bar}>
        <h1 className={styles.title}>{title}</h1>
        {done && <Tag color="success">{text('connected')}</Tag>}
      </div>
      <p className="muted" style={{ marginBottom: 16 }}>
        {text('connectHint')}
      </p>
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
        {connection && <SyncLine connection={connection} busy={busy === 'sync'} onSync={() => void sync()} />}
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
            onClick={() => void test()}
          >
            {text(card?.ok ? 'sendAgain' : 'sendTest')}
          </Button>
        </div>
      </Step>
    </div>
  );
}

/** Addresses that WeCom cannot reach or trust. */
function isLocal(host: string): boolean {
  return host === 'localhost' || /^[\d.]+$/.test(host) || host.includes(':');
}

interface StepProps {
  n: number;
  title: string;
  where: string;
  /** null: not known yet. */
  ok: boolean | null;
  message?: string | undefined;
  children?: ReactNode;
}

function Step({ n, title, where, ok, message, children }: StepProps) {
  const text = useText();
  const colour = ok === true ? 'success' : ok === false ? 'error' : 'text-tertiary';
  const state = text(ok === true ? 'stateOk' : ok === false ? 'stateBad' : 'stateWait');
  const Mark = ok === true ? CheckCircleFilled : ok === false ? CloseCircleFilled : MinusCircleOutlined;
  return (
    <section className={styles.step} aria-label={`${n}. ${title}`}>
      <span className={styles.stepMark} style={{ color: `var(--ant-color-${colour})` }}>
        <Mark aria-hidden />
      </span>
      <div className={styles.stepTitle}>
        {n}. {title}
        <span className={styles.stepState} style={{ color: `var(--ant-color-${colour})` }}>
          {message || state}
        </span>
      </div>
      <div className={styles.stepBody}>
        <div className="muted">{where}</div>
        {children}
      </div>
    </section>
  );
}

function Labelled({ id, label, children }: { id?: string; label: string; children: ReactNode }) {
  return (
    <div>
      {id ? (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      ) : (
        <span className={styles.label}>{label}</span>
      )}
      {children}
    </div>
  );
}
