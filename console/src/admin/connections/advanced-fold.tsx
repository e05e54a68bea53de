import { isProxyAddress } from '@lianke/shared/chat/proxy-address';
import { Alert, Button, Collapse, Popconfirm } from 'antd';
import { useState } from 'react';
import { useConnectionText } from './connection-i18n.js';
import { TextLine } from './lines.js';
import type { Connection } from './use-connection.js';

interface AdvancedFoldProps {
  connection: Connection | undefined;
  busy: boolean;
  /** Saves the connection with this proxy; true when it is kept. */
  onProxy: (proxy: string | null) => Promise<boolean>;
}

/** 高级: what only few companies need; folded. */
export function AdvancedFold({ connection, busy, onProxy }: AdvancedFoldProps) {
  const say = useConnectionText();
  const items = [
    {
      key: 'advanced',
      label: say('advanced'),
      children: connection?.secretSet ? (
        <ProxyLine connection={connection} busy={busy} onProxy={onProxy} />
      ) : (
        <div className="muted">{say('advancedSaveFirst')}</div>
      ),
    },
  ];
  return <Collapse size="small" items={items} style={{ marginBottom: 12 }} />;
}

/** The proxy as it stands, without its password, and another in its place. */
function ProxyLine({
  connection,
  busy,
  onProxy,
}: Pick<AdvancedFoldProps, 'busy' | 'onProxy'> & { connection: Connection }) {
  const say = useConnectionText();
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState(false);
  const save = async () => {
    const right = isProxyAddress(address.trim());
    setWrong(!right);
    if (right && (await onProxy(address.trim()))) setAddress('');
  };
  return (
    <div style={{ display: 'grid', gap: 10 }}>
      <div className="muted">{say('proxyHint')}</div>
      {connection.proxy !== null && (
        <div style={{ overflowWrap: 'anywhere' }}>{say('proxyNow', { proxy: connection.proxy })}</div>
      )}
      <TextLine
        id="proxy"
        label={say('proxy')}
        value={address}
        onChange={setAddress}
        maxLength={300}
        placeholder={connection.proxy === null ? say('proxyLike') : say('proxyKept')}
      />
      {wrong && <Alert type="error" showIcon title={say('proxyNotOne')} />}
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <Button disabled={address.trim() === ''} loading={busy} onClick={() => void save()}>
          {say('proxySave')}
        </Button>
        {connection.proxy !== null && (
          <Popconfirm title={say('proxyRemoveAsk')} onConfirm={() => onProxy(null)}>
            <Button danger disabled={busy}>
              {say('proxyRemove')}
            </Button>
          </Popconfirm>
        )}
      </div>
    </div>
  );
}
