import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [
  { path: 'tasks', lazy: lazyPage(async () => (await import('./tasks-page.js')).TasksPage) },
  { path: 'tasks/:id/print', lazy: lazyPage(async () => (await import('./print-page.js')).PrintPage) },
  { path: 'tasks/:id', lazy: lazyPage(async () => (await import('./approval-page.js')).ApprovalPage) },
];
