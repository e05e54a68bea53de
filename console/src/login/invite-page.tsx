import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { LoginShell } from './login-shell.js';

interface Values {
  account: string;
  password: string;
  repeat: string;
}

/** A one-time invitation: the invited member chooses account and password and is signed in. */
export function InvitePage() {
  const { t } = useTranslation('login');
  const { token = '' } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const invite = useQuery({
    queryKey: ['invite', token],
    queryFn: () => api('auth.invite.get', { params: { token } }),
    retry: false,
  });

  async function accept(values: Values) {
    setBusy(true);
    setFailure('');
    try {
      await api('auth.invite.accept', { body: { token, account: values.account.trim(), password: values.password } });
      client.clear();
      navigate('/', { replace: true });
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  }

  if (invite.isPending) {
    return (
      <LoginShell title="">
        <Skeleton active />
      </LoginShell>
    );
  }
  if (!invite.data) {
    return (
      <LoginShell title={t('inviteGone')}>
        <p className="muted" style={{ marginBottom: 16 }}>
          {t('inviteGoneHint')}
        </p>
        <Link to="/login">
          <Button type="primary">{t('toLogin')}</Button>
        </Link>
      </LoginShell>
    );
  }
  return (
    <LoginShell title={t('inviteTitle', { tenant: invite.data.tenant })}>
      <p className="muted" style={{ marginBottom: 16 }}>
        {t('inviteHint', { name: invite.data.name })}
      </p>
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        initialValues={{ account: invite.data.account ?? '' }}
        onFinish={accept}
      >
        {failure && <Alert type="error" title={failure} style={{ marginBottom: 16 }} showIcon />}
        <Form.Item
          name="account"
          label={t('account')}
          rules={[
            { required: true, whitespace: true, message: t('required', { label: t('account') }) },
            { pattern: /^\s*\S+\s*$/, message: t('accountNoSpace') },
          ]}
        >
          <Input autoComplete="username" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('newPassword')}
          extra={t('newPasswordHint')}
          rules={[{ required: true, min: 8, message: t('newPasswordHint') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('repeat')}
          dependencies={['password']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('repeatWrong'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t('join')}
        </Button>
      </Form>
    </LoginShell>
  );
}
