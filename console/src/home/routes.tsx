import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

export const routes: RouteObject[] = [
  { path: '/', lazy: lazyPage(async () => (await import('./home-page.js')).HomePage) },
  { path: '/apps/:appId', lazy: lazyPage(async () => (await import('./app-page.js')).AppPage) },
];
