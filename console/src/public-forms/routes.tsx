import type { RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';

/** Pages for people without an account; they stand outside the frame and ask for no session. */
export const routes: RouteObject[] = [
  { path: '/p/:token', lazy: lazyPage(async () => (await import('./visit-page.js')).VisitPage) },
];
