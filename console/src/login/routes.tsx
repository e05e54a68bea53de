import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages for those who are not signed in; they stand outside the frame. */
export const routes: RouteObject[] = [
  { path: '/login', lazy: lazyPage(async () => (await import('./login-page.js')).LoginPage) },
  { path: '/invite/:token', lazy: lazyPage(async () => (await import('./invite-page.js')).InvitePage) },
];
