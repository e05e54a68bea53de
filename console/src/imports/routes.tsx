import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [
  { path: 'apps/:appId/import', lazy: lazyPage(async () => (await import('./import-page.js')).ImportPage) },
];
