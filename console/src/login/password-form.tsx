import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';

interface Values {
  tenant: string;
  account: string;
  password: string;
}

/** 密码登录: company key, account and password. */
export function PasswordForm({ tenant, onDone }: { tenant: string; onDone: () => void }) {
  const { t } = useTranslation('login');
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const needed = (label: string) => [{ required: true, whitespace: true, message: t('required', { label }) }];

  async function submit(values: Values) {
    setBusy(true);
    setFailure('');
    try {
      await api('auth.password', { body: values });
      onDone();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <Form<Values> layout="vertical" requiredMark={false} initialValues={{ tenant }} onFinish={submit}>
      {failure && <Alert type="error" title={failure} style={{ marginBottom: 16 }} showIcon />}
      <Form.Item name="tenant" label={t('tenant')} rules={needed(t('tenant'))}>
        <Input placeholder={t('tenantHint')} autoComplete="organization" />
      </Form.Item>
      <Form.Item name="account" label={t('account')} rules={needed(t('account'))}>
        <Input autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={t('passwordLabel')} rules={needed(t('passwordLabel'))}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t('submit')}
      </Button>
    </Form>
  );
}
