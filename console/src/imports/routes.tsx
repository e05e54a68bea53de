import type { RouteObject } from 'react-router-dom';

/** Pages of this feature, inside the frame; each page's code is fetched when it is first opened (`lazyPage`). */
export const routes: RouteObject[] = [];
