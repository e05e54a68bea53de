import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

export const routes: RouteObject[] = [
  {
    path: '/apps/:appId/forms/:formId/duplicates',
    lazy: lazyPage(async () => (await import('./duplicates-page.js')).DuplicatesPage),
  },
];
