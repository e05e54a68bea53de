import { Navigate, type RouteObject } from 'react-router-dom';
import { lazyPage } from '../app/lazy-page.js';
import type { FrameHandle } from '../frame/app-frame.js';

const handle: FrameHandle = { bare: true };

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [
  { path: 'apps/:appId/forms/:formId/manage', element: <Navigate to="design" replace /> },
  {
    path: 'apps/:appId/forms/:formId/manage/:tab',
    handle,
    lazy: lazyPage(async () => (await import('./manage-page.js')).ManagePage),
  },
];
