import { isRelayAddress, relayRule } from '@lianke/shared/chat/login-relay';
import { Alert, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { CodeBlock } from '../../api-keys/code-block.js';
import { useConnectionText } from './connection-i18n.js';
import { TextLine } from './lines.js';
import type { Connection } from './use-connection.js';

/** What the other system must know, in the order in which it is done. */
const steps = [
  'relayOne',
  'relayTwo',
  'relayThree',
  'relayFour',
  'relayFive',
  'relaySix',
  'relaySeven',
  'relayEight',
  'relayNine',
  'relayTen',
] as const;

interface RelayLineProps {
  connection: Connection | undefined;
  busy: boolean;
  /** Saves the connection with this address; true when it is kept. */
  onRelay: (relay: string | null) => Promise<boolean>;
}

/** 登录中转地址: log-ins come back through the domain of another system, which owns the app's 授权回调域. */
export function RelayLine({ connection, busy, onRelay }: RelayLineProps) {
  const say = useConnectionText();
  const kept = connection?.settings.loginRelay ?? '';
  const [address, setAddress] = useState(kept);
  const [wrong, setWrong] = useState(false);
  if (!connection) return null;
  const typed = address.trim();
  const right = isRelayAddress(typed);
  const root = connection.callbackUrl.split('/callbacks/')[0] ?? '';
  const save = async () => {
    setWrong(!right);
    if (right) await onRelay(typed);
  };
  return (
    <div style={{ display: 'grid', gap: 10 }}>
      <div className="muted">{say('relayHint')}</div>
      <TextLine
        id="relay"
        label={say('relay')}
        value={address}
        onChange={setAddress}
        maxLength={200}
        placeholder="https://oa.example.com/lianke-relay"
      />
      {wrong && !right && <Alert type="error" showIcon title={say('relayNotOne')} />}
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <Button disabled={typed === '' || typed === kept} loading={busy} onClick={() => void save()}>
          {say('relaySave')}
        </Button>
        {kept !== '' && (
          <Popconfirm
            title={say('relayRemoveAsk')}
            onConfirm={async () => {
              if (await onRelay(null)) setAddress('');
            }}
          >
            <Button danger disabled={busy}>
              {say('relayRemove')}
            </Button>
          </Popconfirm>
        )}
      </div>
      {right && (
        <>
          <div className="muted">{say('relayRule')}</div>
          <CodeBlock
            name={say('relayRule')}
            code={relayRule(typed, `${root}/api/v1/auth/${connection.channel}/callback`)}
          />
          <ol style={{ margin: 0, paddingLeft: 20 }}>
            {steps.map((step) => (
              <li key={step}>{say(step)}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
