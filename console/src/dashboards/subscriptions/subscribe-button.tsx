import { MailOutlined } from '@ant-design/icons';
import type { DashboardView } from '@lianke/shared/dashboards/definition';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SubscriptionsDrawer } from './subscriptions-drawer.js';

/** 订阅: who gets this page as a picture, and when. */
export function SubscribeButton({ page }: { page: DashboardView }) {
  const { t } = useTranslation('dashboards');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<MailOutlined />} onClick={() => setOpen(true)}>
        {t('subscribe.button')}
      </Button>
      <SubscriptionsDrawer page={page} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
