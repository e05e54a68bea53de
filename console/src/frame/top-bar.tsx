import { AppstoreOutlined, DownOutlined } from '@ant-design/icons';
import type { Me } from '@lianke/shared/org/api';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useMatch, useNavigate } from 'react-router-dom';
import { useApp, useApps } from '../api/queries.js';
import { PhoneButton } from '../demo/phone-button.js';
import { useTaskCount } from '../tasks/use-task-count.js';
import styles from './frame.module.css';
import { GlobalSearch } from './global-search.js';
import { MemberMenu } from './member-menu.js';
import { Notifications } from './notifications.js';

function AppSwitcher() {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const apps = useApps();
  const appId = useMatch('/apps/:appId/*')?.params.appId;
  const current = useApp(appId);
  const items = (apps.data ?? []).map((app) => ({ key: app.id, label: app.name, icon: <AppstoreOutlined /> }));
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: items.length > 0 ? items : [{ key: '', label: t('noApps'), disabled: true }],
        selectedKeys: appId ? [appId] : [],
        onClick: ({ key }) => navigate(`/apps/${key}`),
      }}
    >
      <Button type="text" icon={<AppstoreOutlined />} aria-label={t('switchApp')}>
        {current?.name ?? t('apps')} <DownOutlined style={{ fontSize: 10 }} />
      </Button>
    </Dropdown>
  );
}

function TaskCount() {
  const count = useTaskCount();
  return count ? <span className="muted tabular"> {count}</span> : null;
}

/** The bar over every page: where one is, search, what waits, and who one is. */
export function TopBar({ me }: { me: Me }) {
  const { t } = useTranslation('frame');
  const link = ({ isActive }: { isActive: boolean }) =>
    isActive ? `${styles.topLink} ${styles.topLinkActive}` : `${styles.topLink}`;
  return (
    <header className={styles.top}>
      <Link to="/" className={styles.brand}>
        <img src="/favicon.svg" alt="" />
        <span>{t('common:product')}</span>
      </Link>
      <AppSwitcher />
      <NavLink to="/" end className={link}>
        {t('workbench')}
      </NavLink>
      <NavLink to="/tasks" className={link}>
        {t('tasks')}
        <TaskCount />
      </NavLink>
      {(me.permissions.admin || me.permissions.members) && (
        <NavLink
          to="/admin/members"
          className={() => link({ isActive: window.location.pathname.startsWith('/admin') })}
        >
          {t('admin')}
        </NavLink>
      )}
      <span className={styles.spacer} />
      <GlobalSearch />
      <PhoneButton />
      <Notifications />
      <MemberMenu me={me} />
    </header>
  );
}
