import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { type AppView, keys, useApps, useMe, useRenewApp } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { timeZone } from '../shared/format.js';
import { NameDialog } from '../shared/name-dialog.js';
import { MyTargets } from '../targets/my-targets.js';
import { Checklist } from './checklist.js';
import styles from './home.module.css';
import './i18n.js';
import { TemplateDialog } from './template-dialog.js';

function AppCard({ app }: { app: AppView }) {
  const { t } = useTranslation('home');
  const forms = app.items.filter((item) => item.kind === 'form').length;
  const pages = app.items.length - forms;
  return (
    <Link to={`/apps/${app.id}`} className={styles.app}>
      <span className={styles.appIcon} aria-hidden>
        {[...app.name][0]}
      </span>
      <span style={{ minWidth: 0 }}>
        <span className={`${styles.appName} ellipsis`} style={{ display: 'block' }}>
          {app.name}
        </span>
        <span className="muted">
          {t('forms', { n: forms })}
          {pages > 0 && ` · ${t('pages', { n: pages })}`}
        </span>
      </span>
    </Link>
  );
}

function TaskLine() {
  const { t } = useTranslation('home');
  const tasks = useQuery({
    queryKey: keys.tasks('bell'),
    queryFn: () => api('tasks.list', { query: { state: 'pending', limit: 8 } }),
  });
  const counts = tasks.data?.counts;
  if (!counts) return null;
  const waiting = counts.overdue + counts.today + counts.approvals;
  return (
    <Link to="/tasks" className="muted">
      {waiting === 0 ? t('todoNone') : t('todoLine', counts)}
    </Link>
  );
}

function greetingKey(): string {
  const hour = Number(
    new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: timeZone() }).format(),
  );
  return hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
}

/** 工作台: the apps, what waits, and the first steps of a new company. */
export function HomePage() {
  const { t } = useTranslation('home');
  const me = useMe();
  const apps = useApps();
  const navigate = useNavigate();
  const renew = useRenewApp();
  const [naming, setNaming] = useState(false);
  const [choosing, setChoosing] = useState<'app' | 'import'>();
  const mayDesign = me.data?.permissions.design || me.data?.permissions.admin || false;

  async function create(name: string) {
    const app = await api('apps.create', { body: { name } });
    await renew();
    setNaming(false);
    navigate(`/apps/${app.id}`);
  }

  if (apps.error) return <PageError error={apps.error} retry={() => void apps.refetch()} />;
  const empty = apps.data?.length === 0;
  const buttons = (
    <>
      <Button onClick={() => navigate('/install-app')}>{t('fromFile')}</Button>
      <Button onClick={() => setChoosing('app')}>{t('useTemplate')}</Button>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => setNaming(true)}>
        {t('newApp')}
      </Button>
    </>
  );
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t('hello', { name: me.data?.member.name, greeting: t(greetingKey()) })}</h1>
        <TaskLine />
      </div>
      <MyTargets />
      {mayDesign && apps.data && !empty && <Checklist apps={apps.data} />}
      <section className={empty ? styles.panel : ''}>
        <div className={styles.head} style={{ marginBottom: 12 }}>
          <h2>{t('myApps')}</h2>
          <span className={styles.grow} />
          {mayDesign && !empty && buttons}
        </div>
        {apps.isPending && <Skeleton active />}
        {empty && (
          <EmptyState
            title={t(mayDesign ? 'noApps' : 'noAppsMember')}
            hint={t(mayDesign ? 'noAppsHint' : 'noAppsMemberHint')}
            action={mayDesign && buttons}
          />
        )}
        <div className={styles.apps}>
          {apps.data?.map((app) => (
            <AppCard key={app.id} app={app} />
          ))}
        </div>
      </section>
      {mayDesign && empty && <Checklist apps={[]} onTemplate={setChoosing} />}
      <NameDialog
        open={naming}
        title={t('newApp')}
        label={t('appName')}
        placeholder={t('appNameHint')}
        onSubmit={create}
        onCancel={() => setNaming(false)}
      />
      <TemplateDialog
        open={choosing !== undefined}
        forImport={choosing === 'import'}
        onClose={() => setChoosing(undefined)}
      />
    </div>
  );
}
