import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigation, useParams } from 'react-router-dom';
import { useApp, useApps } from '../api/queries.js';
import { NotFound } from '../app/not-found.js';
import { PageError } from '../app/page-error.js';
import { useAddToApp } from '../frame/add-to-app.js';
import { EmptyState } from '../shared/empty-state.js';
import './i18n.js';

/** An app's own address leads to its first form or page; an empty app says how to begin. */
export function AppPage() {
  const { t } = useTranslation('home');
  const { appId } = useParams();
  const apps = useApps();
  const app = useApp(appId);
  const add = useAddToApp(app);
  const navigation = useNavigation();
  if (apps.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (apps.error) return <PageError error={apps.error} retry={() => void apps.refetch()} />;
  if (!app) return <NotFound />;
  const first = app.items[0];
  if (first) {
    // Whoever made the first form here is on the way to its designer: the list that names it may come sooner.
    if (navigation.state !== 'idle') return <Skeleton active style={{ padding: 24 }} />;
    return <Navigate to={`/apps/${app.id}/${first.kind === 'form' ? 'forms' : 'dashboards'}/${first.id}`} replace />;
  }
  if (!app.mayDesign) return <EmptyState title={t('emptyApp')} hint={t('emptyAppReader')} />;
  return (
    <>
      <EmptyState
        title={t('emptyApp')}
        hint={t('emptyAppHint')}
        action={
          <>
            <Button type="primary" onClick={add.addForm}>
              {t('newForm')}
            </Button>
            <Button onClick={add.fromExcel}>{t('fromExcel')}</Button>
            <Button onClick={add.addPage}>{t('newPage')}</Button>
          </>
        }
      />
      {add.dialog}
    </>
  );
}
