import { Navigate, type RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [
  { path: 'admin', element: <Navigate to="/admin/members" replace /> },
  { path: 'admin/members', lazy: lazyPage(async () => (await import('./members/members-page.js')).MembersPage) },
  {
    path: 'admin/members/:memberId/handover',
    lazy: lazyPage(async () => (await import('../handover/handover-page.js')).HandoverPage),
  },
  { path: 'admin/roles', lazy: lazyPage(async () => (await import('./roles/roles-page.js')).RolesPage) },
  { path: 'admin/apps', lazy: lazyPage(async () => (await import('./apps/apps-page.js')).AppsPage) },
  { path: 'admin/usage', lazy: lazyPage(async () => (await import('../usage/usage-page.js')).UsagePage) },
  {
    path: 'admin/deliveries',
    lazy: lazyPage(async () => (await import('../deliveries/deliveries-page.js')).DeliveriesPage),
  },
  { path: 'admin/audit', lazy: lazyPage(async () => (await import('../audit/audit-page.js')).AuditPage) },
  { path: 'admin/api-keys', lazy: lazyPage(async () => (await import('../api-keys/api-keys-page.js')).ApiKeysPage) },
  { path: 'admin/access', lazy: lazyPage(async () => (await import('./access/access-page.js')).AccessPage) },
  {
    path: 'admin/connections',
    lazy: lazyPage(async () => (await import('./connections/connections-page.js')).ConnectionsPage),
  },
];
