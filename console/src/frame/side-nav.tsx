import {
  ApiOutlined,
  BarChartOutlined,
  CaretDownOutlined,
  CaretRightOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  SafetyOutlined,
  SettingOutlined,
  TableOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { Me } from '@lianke/shared/org/api';
import { Button, Grid, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation, useMatch, useNavigate } from 'react-router-dom';
import { type AppView, useApp } from '../api/queries.js';
import { usePersistent } from '../shared/use-persistent.js';
import { AddToApp } from './add-to-app.js';
import styles from './frame.module.css';

type Item = AppView['items'][number];

function pathOf(appId: string, item: Item): string {
  return `/apps/${appId}/${item.kind === 'form' ? 'forms' : 'dashboards'}/${item.id}`;
}

function NavItem({ to, icon, name, tools }: { to: string; icon: ReactNode; name: string; tools?: ReactNode }) {
  const { pathname } = useLocation();
  const active = pathname === to || pathname.startsWith(`${to}/`);
  return (
    <div className={active ? `${styles.item} ${styles.itemActive}` : styles.item}>
      <NavLink to={to} title={name}>
        <span aria-hidden>{icon}</span>
        <span className="ellipsis">{name}</span>
      </NavLink>
      {tools && <span className={styles.itemTools}>{tools}</span>}
    </div>
  );
}

function AppItem({ app, item }: { app: AppView; item: Item }) {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const path = pathOf(app.id, item);
  const form = item.kind === 'form';
  const tools = app.mayDesign && (
    <Button
      type="text"
      size="small"
      icon={<SettingOutlined />}
      aria-label={t(form ? 'manageForm' : 'editPage', { name: item.name })}
      title={t(form ? 'manageForm' : 'editPage', { name: item.name })}
      onClick={() => navigate(form ? `${path}/manage/design` : `${path}/design`)}
    />
  );
  return <NavItem to={path} icon={form ? <TableOutlined /> : <BarChartOutlined />} name={item.name} tools={tools} />;
}

/** Items in navigation order; those of one group stand together where its first one stands. */
export function groupItems(items: readonly Item[]): { group: string | null; items: Item[] }[] {
  const groups: { group: string | null; items: Item[] }[] = [];
  for (const item of items) {
    const found = item.group === null ? groups.at(-1) : groups.find((each) => each.group === item.group);
    if (found && found.group === item.group) found.items.push(item);
    else groups.push({ group: item.group, items: [item] });
  }
  return groups;
}

function AppNav({ app }: { app: AppView }) {
  const { t } = useTranslation('frame');
  const [closed, setClosed] = useState<readonly string[]>([]);
  return (
    <>
      {app.items.length === 0 && (
        <div style={{ padding: 12 }} className="muted">
          {t('emptyApp')}
        </div>
      )}
      {groupItems(app.items).map(({ group, items }) => {
        const hidden = group !== null && closed.includes(group);
        return (
          <div key={`${group}/${items[0]?.id}`}>
            {group !== null && (
              <button
                type="button"
                className={styles.group}
                aria-expanded={!hidden}
                onClick={() => setClosed(hidden ? closed.filter((name) => name !== group) : [...closed, group])}
              >
                {hidden ? <CaretRightOutlined /> : <CaretDownOutlined />}
                {group}
              </button>
            )}
            {!hidden && items.map((item) => <AppItem key={item.id} app={app} item={item} />)}
          </div>
        );
      })}
    </>
  );
}

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
            <NavItem to="/admin/members" icon={<TeamOutlined />} name={t('members')} />
            {me.permissions.admin && (
              <>
                <NavItem to="/admin/roles" icon={<SafetyOutlined />} name={t('roles')} />
                <NavItem to="/admin/connections" icon={<ApiOutlined />} name={t('connections')} />
              </>
            )}
          </>
        )}
        {appId && (app ? <AppNav app={app} /> : <Skeleton active title={false} style={{ padding: 12 }} />)}
      </div>
    </nav>
  );
}
