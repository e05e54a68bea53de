import {
  ApiOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  CloudServerOutlined,
  FileSearchOutlined,
  KeyOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  NodeIndexOutlined,
  SafetyOutlined,
  SendOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { Me } from '@lianke/shared/org/api';
import { Button, Grid, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useMatch } from 'react-router-dom';
import { useApp } from '../api/queries.js';
import { usePersistent } from '../shared/use-persistent.js';
import { TrialBar } from '../trials/trial-bar.js';
import { AddToApp } from './add-to-app.js';
import { AppNav } from './app-nav.js';
import styles from './frame.module.css';
import { NavEntry } from './nav-entry.js';

/** The left navigation: the open app's forms and pages, or the company's administration. Other pages have none. */
export function SideNav({ me }: { me: Me }) {
  const { t } = useTranslation('frame');
  const appId = useMatch('/apps/:appId/*')?.params.appId;
  const admin = useMatch('/admin/*');
  const app = useApp(appId);
  const [kept, setKept] = usePersistent('nav.folded', false);
  // On a narrow window the navigation lies over the page, and goes once a page is chosen.
  const narrow = Grid.useBreakpoint().md === false;
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string>();
  const folded = narrow ? openAt !== pathname : kept;
  const setFolded = (fold: boolean) => (narrow ? setOpenAt(fold ? undefined : pathname) : setKept(fold));
  if (!appId && !admin) return null;
  if (folded) {
    return (
      <div className={styles.rail}>
        <Button
          type="text"
          size="small"
          icon={<MenuUnfoldOutlined />}
          aria-label={t('expand')}
          onClick={() => setFolded(false)}
        />
      </div>
    );
  }
  const title = admin ? t('admin') : (app?.name ?? '');
  return (
    <nav className={styles.nav} aria-label={t('navOf', { name: title })}>
      <div className={styles.navHead}>
        <span className="ellipsis" style={{ flex: 1 }}>
          {title}
        </span>
        {app?.mayDesign && <AddToApp app={app} />}
        <Button
          type="text"
          size="small"
          icon={<MenuFoldOutlined />}
          aria-label={t('collapse')}
          onClick={() => setFolded(true)}
        />
      </div>
      <div className={styles.navList}>
        {admin && (
          <>
            <NavEntry to="/admin/members" icon={<TeamOutlined />} name={t('members')} />
            {me.permissions.admin && (
              <>
                <NavEntry to="/admin/roles" icon={<SafetyOutlined />} name={t('roles')} />
                <NavEntry to="/admin/apps" icon={<AppstoreOutlined />} name={t('appRules')} />
                <NavEntry to="/admin/access" icon={<FileSearchOutlined />} name={t('checkAccess')} />
                <NavEntry to="/admin/secrets" icon={<KeyOutlined />} name={t('secrets')} />
                <NavEntry to="/admin/api-keys" icon={<CloudServerOutlined />} name={t('apiKeys')} />
                <NavEntry to="/admin/usage" icon={<BarChartOutlined />} name={t('usage')} />
                <NavEntry to="/admin/runs" icon={<NodeIndexOutlined />} name={t('flowRuns')} />
                <NavEntry to="/admin/deliveries" icon={<SendOutlined />} name={t('deliveries')} />
                <NavEntry to="/admin/audit" icon={<AuditOutlined />} name={t('audit')} />
                <NavEntry to="/admin/notify" icon={<BellOutlined />} name={t('notifyDefaults')} />
                <NavEntry to="/admin/connections" icon={<ApiOutlined />} name={t('connections')} />
              </>
            )}
          </>
        )}
        {app?.trial && <TrialBar appId={app.id} name={app.name} />}
        {appId && (app ? <AppNav app={app} /> : <Skeleton active title={false} style={{ padding: 12 }} />)}
      </div>
    </nav>
  );
}
