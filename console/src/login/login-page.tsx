import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Skeleton, Tabs } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { LoginShell } from './login-shell.js';
import { PasswordForm } from './password-form.js';
import { QrPanel } from './qr-panel.js';
import { safeReturnTo } from './return-to.js';

/** Log-in by QR code of the company's chat, or by password. */
export function LoginPage() {
  const { t } = useTranslation('login');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const tenant = params.get('tenant') ?? '';
  const returnTo = safeReturnTo(params.get('returnTo'));
  const ways = useQuery({
    queryKey: ['connections', 'open', tenant],
    queryFn: () => api('auth.connections', { query: tenant ? { tenant } : {} }),
  });
  const enter = useCallback(() => {
    client.clear();
    navigate(returnTo, { replace: true });
  }, [client, navigate, returnTo]);

  const scan = ways.data && {
    key: 'qr',
    label: t('qr'),
    children: <QrPanel connections={ways.data.items} onDone={enter} />,
  };
  const password = ways.data && {
    key: 'password',
    label: t('password'),
    children: ways.data.password ? (
      <PasswordForm tenant={ways.data.tenant?.key ?? tenant} onDone={enter} />
    ) : (
      <p className="muted">{t('passwordOff')}</p>
    ),
  };
  return (
    <LoginShell title={t('title')}>
      {ways.isPending && <Skeleton active />}
      {ways.error && (
        <Alert
          type="error"
          showIcon
          title={messageOf(ways.error)}
          action={
            <Button size="small" onClick={() => void ways.refetch()}>
              {t('common:retry')}
            </Button>
          }
        />
      )}
      {scan && password && (
        <Tabs items={[scan, password]} defaultActiveKey={ways.data.items.length > 0 ? 'qr' : 'password'} />
      )}
    </LoginShell>
  );
}
