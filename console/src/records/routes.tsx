import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

export const routes: RouteObject[] = [
  /** A record without knowing its app: links of relations and chat cards. */
  {
    path: '/forms/:formId/records/:id',
    lazy: lazyPage(async () => (await import('./record-redirect.js')).RecordRedirect),
  },
];
