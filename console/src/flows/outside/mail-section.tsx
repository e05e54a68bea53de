import type { MailAccountBody, MailAccountView } from '@lianke/shared/flows/outside-api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, InputNumber, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { Labelled } from '../../shared/designer/labelled.js';

const key = ['mail-account'];
const empty: MailAccountBody = { host: '', port: 465, security: 'tls', user: '', from: '', fromName: '' };

/** 发信邮箱: the server, the account, and a test letter. */
export function MailSection() {
  const { t } = useTranslation('flows');
  const account = useQuery({ queryKey: key, queryFn: async () => (await api('mailAccount.get', {})).account });
  return (
    <section className="outside-section">
      <div className="outside-head">
        <h2>{t('outside.mail')}</h2>
      </div>
      <p className="muted">{t('outside.mailHint')}</p>
      {account.isPending && <Skeleton active />}
      {account.error && <Alert type="error" showIcon title={messageOf(account.error)} />}
      {account.data !== undefined && <MailForm key={account.data?.updatedAt ?? 'new'} account={account.data} />}
    </section>
  );
}

function MailForm({ account }: { account: MailAccountView | null }) {
  const { t } = useTranslation('flows');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [body, setBody] = useState<MailAccountBody>(() => {
    if (!account) return empty;
    const { hasPassword: _, updatedAt: __, ...rest } = account;
    return rest;
  });
  const [password, setPassword] = useState('');
  const [to, setTo] = useState('');
  const [busy, setBusy] = useState<'save' | 'test'>();
  const [error, setError] = useState('');
  const set = (change: Partial<MailAccountBody>) => setBody((old) => ({ ...old, ...change }));
  const run = async (what: 'save' | 'test', work: () => Promise<void>) => {
    setBusy(what);
    setError('');
    try {
      await work();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(undefined);
    }
  };
  const save = () =>
    run('save', async () => {
      const saved = await api('mailAccount.save', { body: { ...body, ...(password ? { password } : {}) } });
      message.success(t('outside.saved'));
      client.setQueryData(key, saved);
      await client.invalidateQueries({ queryKey: ['flow'] });
    });
  const test = () =>
    run('test', async () => {
      const result = await api('mailAccount.test', { body: { to: to || body.from } });
      if (result.sent) message.success(t('outside.testSent'));
      else setError(result.detail);
    });
  const stop = () =>
    modal.confirm({
      title: t('outside.stopAsk'),
      content: t('outside.stopHint'),
      okText: t('outside.stop'),
      okButtonProps: { danger: true },
      onOk: () =>
        run('save', async () => {
          await api('mailAccount.delete', {});
          client.setQueryData(key, null);
          message.success(t('outside.stopped'));
        }),
    });
  const text = (name: 'host' | 'user' | 'from' | 'fromName', words: string, placeholder = '') => (
    <Labelled label={words}>
      <Input
        aria-label={words}
        placeholder={placeholder}
        value={body[name]}
        maxLength={200}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </Labelled>
  );
  const complete = body.host.trim() !== '' && body.from.includes('@');
  return (
    <div className="outside-form">
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      {text('host', t('outside.host'), 'smtp.exmail.qq.com')}
      <div className="outside-pair">
        <Labelled label={t('outside.security')}>
          <Select<MailAccountBody['security']>
            aria-label={t('outside.security')}
            style={{ width: '100%' }}
            value={body.security}
            onChange={(security) => set({ security, port: security === 'tls' ? 465 : 587 })}
            options={(['tls', 'starttls'] as const).map((value) => ({ value, label: t(`outside.${value}`) }))}
          />
        </Labelled>
        <Labelled label={t('outside.port')}>
          <InputNumber<number>
            aria-label={t('outside.port')}
            style={{ width: '100%' }}
            min={1}
            max={65_535}
            precision={0}
            value={body.port}
            onChange={(port) => set({ port: port ?? 465 })}
          />
        </Labelled>
      </div>
      <div className="outside-pair">
        {text('user', t('outside.user'))}
        <Labelled label={t('outside.password')}>
          <Input.Password
            autoComplete="new-password"
            aria-label={t('outside.password')}
            placeholder={account?.hasPassword ? t('outside.passwordKept') : ''}
            value={password}
            maxLength={500}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Labelled>
      </div>
      <div className="outside-pair">
        {text('from', t('outside.from'))}
        {text('fromName', t('outside.fromName'))}
      </div>
      <div className="outside-actions">
        <Button type="primary" disabled={!complete} loading={busy === 'save'} onClick={() => void save()}>
          {t('outside.save')}
        </Button>
        {account && (
          <>
            <Input
              aria-label={t('outside.testTo')}
              placeholder={body.from}
              style={{ width: 220 }}
              value={to}
              maxLength={200}
              onChange={(event) => setTo(event.target.value)}
            />
            <Button loading={busy === 'test'} onClick={() => void test()}>
              {t('outside.test')}
            </Button>
            <Button danger onClick={stop}>
              {t('outside.stop')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
