import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [
  { path: 'admin/secrets', lazy: lazyPage(async () => (await import('./outside/secrets-page.js')).SecretsPage) },
  { path: 'admin/runs', lazy: lazyPage(async () => (await import('./runs/all-runs-page.js')).AllRunsPage) },
  {
    path: 'apps/:appId/flows/:flowId',
    handle: { bare: true },
    lazy: lazyPage(async () => (await import('./flow-page.js')).FlowPage),
  },
  {
    path: 'apps/:appId/flows/:flowId/runs',
    lazy: lazyPage(async () => (await import('./runs/runs-page.js')).RunsPage),
  },
  {
    path: 'apps/:appId/flows/:flowId/runs/:runId',
    handle: { bare: true },
    lazy: lazyPage(async () => (await import('./runs/run-page.js')).RunPage),
  },
];
