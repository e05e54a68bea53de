import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

export const routes: RouteObject[] = [
  {
    path: '/apps/:appId/forms/:formId/pool',
    lazy: lazyPage(async () => (await import('./pool-page.js')).PoolPage),
  },
];
