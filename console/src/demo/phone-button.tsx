import { MobileOutlined } from '@ant-design/icons';
import { Badge, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import './i18n.js';
import { showDrawer, useDrawerState } from './drawer-state.js';
import { useSandbox } from './sandbox-address.js';

/** 演示手机 in the bar over the page, with what is unread on all phones; nothing outside the demonstration. */
export function PhoneButton() {
  const { t } = useTranslation('demo');
  const sandbox = useSandbox();
  const { open, unread } = useDrawerState();
  if (!sandbox) return null;
  return (
    <Badge count={unread} size="small" offset={[-6, 4]}>
      <Button
        type={open ? 'default' : 'text'}
        icon={<MobileOutlined />}
        aria-expanded={open}
        aria-label={unread > 0 ? t('openUnread', { n: unread }) : t('open')}
        onClick={() => showDrawer(!open)}
      >
        {t('phone')}
      </Button>
    </Badge>
  );
}
