import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

export const routes: RouteObject[] = [
  { path: '/install-app', lazy: lazyPage(async () => (await import('./install-page.js')).InstallPage) },
];
