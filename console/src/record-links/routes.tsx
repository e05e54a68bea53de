import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** The page of a record's link, for people without an account. */
export const routes: RouteObject[] = [
  { path: '/s/:token', lazy: lazyPage(async () => (await import('./shared-page.js')).SharedRecordPage) },
];
