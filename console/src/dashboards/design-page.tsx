import { Skeleton } from 'antd';
import { useState } from 'react';
import { Navigate, useParams } from 'react-router-dom';
import { useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { PageDesigner } from './designer/page-designer.js';
import './i18n.js';
import { useDashboard, useDashboardDraft } from './use-dashboard.js';

/** `/apps/:appId/dashboards/:dashboardId/design`. */
export function DesignPage() {
  const { appId = '', dashboardId = '' } = useParams();
  // A definition from the cache may be older than what others saved; the designer begins with the newest.
  const [openedAt] = useState(Date.now);
  const page = useDashboard(dashboardId, { fresh: true });
  const draft = useDashboardDraft(dashboardId, page.data?.mayEdit === true);
  const forms = useForms(appId);
  const error = page.error ?? forms.error ?? draft.error;
  const retry = () => void (page.error ? page : forms.error ? forms : draft).refetch();
  if (error && !(page.data && forms.data && draft.data)) return <PageError error={error} retry={retry} />;
  if (page.data?.mayEdit === false) return <Navigate to={`/apps/${appId}/dashboards/${dashboardId}`} replace />;
  if (!page.data || page.dataUpdatedAt < openedAt || !forms.data || !draft.data || draft.dataUpdatedAt < openedAt) {
    return <Skeleton active style={{ padding: 32 }} />;
  }
  return <PageDesigner key={dashboardId} page={page.data} start={draft.data} forms={forms.data} />;
}
