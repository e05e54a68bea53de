import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import styles from '../admin.module.css';
import { Guard } from '../guard.js';
import { useText } from '../i18n.js';
import { DingtalkSteps } from './dingtalk-steps.js';
import { SuiteSteps } from './suite-steps.js';
import type { Connection } from './use-connection.js';
import { WecomSteps } from './wecom-steps.js';

/** ms between two looks while a test card waits for its button, or a synchronisation for its end. */
const lookEvery = 2000;
const channels = ['wecom', 'dingtalk'] as const;
type Channel = (typeof channels)[number];

/** 连接企业微信 / 钉钉: each connection's check-list, and room for further ones. */
export function ConnectionsPage() {
  return (
    <Guard need="admin">
      <Connections />
    </Guard>
  );
}

function waits(connection: Connection): boolean {
  return connection.sync.state === 'queued' || connection.checks.some((check) => check.ok !== true);
}

function Connections() {
  const text = useText();
  const [chosen, setChosen] = useState<string>();
  const connections = useQuery({
    queryKey: keys.connections,
    queryFn: async () => (await api('connections.list', {})).items,
    refetchInterval: ({ state }) => (state.data?.some(waits) ? lookEvery : false),
  });
  if (connections.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (connections.error && !connections.data) {
    return <PageError error={connections.error} retry={() => void connections.refetch()} />;
  }
  const made = connections.data ?? [];
  // A platform that is not connected yet has its place at once; a second app of one is asked for.
  const open = channels.filter((channel) => !made.some((item) => item.channel === channel));
  const asked = channels.find((channel) => chosen === `new:${channel}`);
  const fresh = [...new Set<Channel>([...open, ...(asked ? [asked] : [])])];
  const entries = [
    ...made.map((connection) => ({ key: connection.id as string, channel: connection.channel, connection })),
    ...fresh.map((channel) => ({ key: `new:${channel}`, channel, connection: undefined })),
  ];
  const current = entries.find((entry) => entry.key === chosen) ?? entries[0];
  if (!current) return null;
  const Steps = current.channel === 'wecom' ? WecomSteps : DingtalkSteps;
  return (
    <div className={styles.narrow}>
      <div className={styles.bar}>
        <h1 className={styles.title}>{text('connectTitle')}</h1>
        <Dropdown
          trigger={['click']}
          menu={{
            items: channels.map((channel) => ({ key: channel, label: text(channel) })),
            onClick: ({ key }) => setChosen(`new:${key}`),
          }}
        >
          <Button icon={<PlusOutlined />}>{text('connectMore')}</Button>
        </Dropdown>
      </div>
      <p className="muted" style={{ marginBottom: 16 }}>
        {text('connectHint')}
      </p>
      <div style={{ marginBottom: 16, overflowX: 'auto' }}>
        <Segmented
          aria-label={text('connectTitle')}
          value={current.key}
          onChange={setChosen}
          options={entries.map(({ key, channel, connection }) => ({
            value: key,
            label: connection
              ? connection.name === text(channel)
                ? connection.name
                : `${connection.name} · ${text(channel)}`
              : text('connectNew', { channel: text(channel) }),
          }))}
        />
      </div>
      {current.connection?.suite ? (
        <SuiteSteps
          key={current.key}
          connection={current.connection}
          suite={current.connection.suite}
          onSaved={(saved) => setChosen(saved.id)}
        />
      ) : (
        <Steps key={current.key} connection={current.connection} onSaved={(saved) => setChosen(saved.id)} />
      )}
    </div>
  );
}
