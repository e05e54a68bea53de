import { Skeleton } from 'antd';
import { useState } from 'react';
import { Navigate, useParams } from 'react-router-dom';
import { useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { PageDesigner } from './designer/page-designer.js';
import './i18n.js';
import { useDashboard } from './use-dashboard.js';

/** `/apps/:appId/dashboards/:dashboardId/design`. */
export function DesignPage() {
  const { appId = '', dashboardId = '' } = useParams();
  // A definition from the cache may be older than what others saved; the designer begins with the newest.
  const [openedAt] = useState(Date.now);
  const page = useDashboard(dashboardId, { fresh: true });
  const forms = useForms(appId);
  const error = page.error ?? forms.error;
  if (error && !(page.data && forms.data)) return <PageError error={error} retry={() => void page.refetch()} />;
  if (!page.data || page.dataUpdatedAt < openedAt || !forms.data) {
    return <Skeleton active style={{ padding: 32 }} />;
  }
  if (!page.data.mayEdit) return <Navigate to={`/apps/${appId}/dashboards/${dashboardId}`} replace />;
  return <PageDesigner key={dashboardId} page={page.data} forms={forms.data} />;
}
