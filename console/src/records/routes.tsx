import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

export const routes: RouteObject[] = [
  { path: '/apps/:appId/forms/:formId', lazy: lazyPage(async () => (await import('./grid-page.js')).GridPage) },
  {
    path: '/apps/:appId/forms/:formId/records/:id',
    lazy: lazyPage(async () => (await import('./record-page.js')).RecordPage),
  },
  { path: '/exports', lazy: lazyPage(async () => (await import('./exports-page.js')).ExportsPage) },
  /** A record without knowing its app: links of relations and chat cards. */
  {
    path: '/forms/:formId/records/:id',
    lazy: lazyPage(async () => (await import('./record-redirect.js')).RecordRedirect),
  },
];
