import type { ComponentType } from 'react';

/**
 * A route's `lazy`: the page's code is fetched when the route is first opened.
 * `{ path: 'tasks', lazy: lazyPage(async () => (await import('./tasks-page.js')).TasksPage) }`
 */
export function lazyPage(load: () => Promise<ComponentType>): () => Promise<{ Component: ComponentType }> {
  return async () => ({ Component: await load() });
}
