import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [
  {
    path: 'dashboards/:dashboardId',
    lazy: lazyPage(async () => (await import('./dashboard-redirect.js')).DashboardRedirect),
  },
  {
    path: 'apps/:appId/dashboards/:dashboardId',
    lazy: lazyPage(async () => (await import('./dashboard-page.js')).DashboardPage),
  },
  {
    path: 'apps/:appId/dashboards/:dashboardId/design',
    handle: { bare: true },
    lazy: lazyPage(async () => (await import('./design-page.js')).DesignPage),
  },
];
