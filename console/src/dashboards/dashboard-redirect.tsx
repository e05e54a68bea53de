import { Skeleton } from 'antd';
import { Navigate, useParams } from 'react-router-dom';
import { PageError } from '../app/page-error.js';
import { useDashboard } from './use-dashboard.js';

/** `/dashboards/:dashboardId`: finds the page's app and goes to the page there. */
export function DashboardRedirect() {
  const { dashboardId = '' } = useParams();
  const page = useDashboard(dashboardId);
  if (page.data) return <Navigate to={`/apps/${page.data.appId}/dashboards/${dashboardId}`} replace />;
  if (page.error) return <PageError error={page.error} retry={() => void page.refetch()} />;
  return <Skeleton active style={{ padding: 24 }} />;
}
