import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages of this feature, inside the frame. */
export const routes: RouteObject[] = [
  { path: 'me/messages', lazy: lazyPage(async () => (await import('./messages-page.js')).MessagesPage) },
  { path: 'me/notify', lazy: lazyPage(async () => (await import('./my-notify-page.js')).MyNotifyPage) },
  { path: 'admin/notify', lazy: lazyPage(async () => (await import('./company-notify-page.js')).CompanyNotifyPage) },
];
