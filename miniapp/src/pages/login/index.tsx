import { Input, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Screen } from '../../components/screen.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { chatHost, isDd, isH5 } from '../../platform/host.js';
import { dropStored, readStored, writeStored } from '../../platform/storage.js';
import { type Channel, startLogIn } from '../../session/chat-login.js';
import { ensureSession, logIn, session, useSession } from '../../session/session.js';
import { waysIn } from '../../session/ways-in.js';
import './index.scss';

/** Log-in outside of a chat: through the platform's own page, or with account and password. */
export default function Login() {
  const t = useT();
  const { state, problem: cause } = useSession();
  const connections = useResource('login.connections', () => api('auth.connections', { query: {} }));
  const [tenant, setTenant] = useState(() => readStored<string>('tenant') ?? '');
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const only = connections.data?.tenant;
  useEffect(() => {
    if (only && tenant === '') setTenant(only.key);
  }, [only, tenant]);
  useEffect(() => {
    if (state === 'in') void Taro.switchTab({ url: '/pages/workbench/index' });
  }, [state]);

  const submit = async () => {
    if (busy) return;
    if (!tenant.trim() || !account.trim() || !password) return setProblem(t('login.incomplete'));
    setBusy(true);
    setProblem('');
    try {
      const { token } = await api('auth.password', {
        body: { tenant: tenant.trim(), account: account.trim(), password },
      });
      writeStored('tenant', tenant.trim());
      dropStored('signedOut');
      await logIn(token);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const items = connections.data?.items ?? [];
  const ways = waysIn(items, chatHost());
  const inside = async () => {
    dropStored('signedOut');
    session.set({ state: 'unknown', problem: null });
    await ensureSession();
  };
  return (
    <Screen title={t('login.title')} open>
      <View className="login">
        <View className="login__brand">{t('app.name')}</View>
        <View className="login__slogan">{t('app.slogan')}</View>
        {cause && !problem ? <View className="login__problem">{messageOf(cause)}</View> : null}
        {isH5 ? (
          <View>
            {ways.map(({ channel, id, tenant: { name } }) => (
              <View key={id} className="login__chat">
                <Button kind="primary" onClick={() => startLogIn(channel as Channel, id)}>
                  {t(channel === 'dingtalk' ? 'login.dingtalk' : 'login.wecom')}
                </Button>
                {ways.length > 1 ? <View className="login__of">{name}</View> : null}
              </View>
            ))}
          </View>
        ) : (
          <View className="login__chat">
            <Button kind="primary" onClick={() => void inside()}>
              {t(isDd ? 'login.dingtalk' : 'login.wecom')}
            </Button>
          </View>
        )}
        {connections.data?.password === false ? null : (
          <View className="login__form">
            <View className="login__or">{t('login.or')}</View>
            <Line label={t('login.tenant')} value={tenant} onChange={setTenant} />
            <Line label={t('login.account')} value={account} onChange={setAccount} />
            <Line
              label={t('login.password')}
              value={password}
              onChange={setPassword}
              secret
              onDone={() => void submit()}
            />
            {problem ? <View className="login__problem">{problem}</View> : null}
            <View className="login__submit">
              <Button off={busy} onClick={() => void submit()}>
                {t(busy ? 'login.busy' : 'login.submit')}
              </Button>
            </View>
          </View>
        )}
      </View>
    </Screen>
  );
}

interface LineProps {
  label: string;
  value: string;
  secret?: boolean;
  onChange(text: string): void;
  onDone?(): void;
}

function Line({ label, value, secret = false, onChange, onDone }: LineProps) {
  return (
    <View className="login__line">
      <Input
        className="login__input"
        value={value}
        placeholder={label}
        placeholderClass="placeholder"
        password={secret}
        onInput={(event) => onChange(event.detail.value)}
        onConfirm={onDone}
      />
    </View>
  );
}
