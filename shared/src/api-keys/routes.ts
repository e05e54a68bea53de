import type { RouteName } from '../api/routes.js';

/**
 * What an API key may call, and whether that only reads: the data of forms, what one needs to understand them, the tasks of
 * the key's member, and the buttons that start flows.
 * Everything else (log-in, administration, design, keys themselves) is closed to keys.
 */
export const keyRoutes = {
  'forms.list': 'read',
  'forms.get': 'read',
  'members.list': 'read',
  'departments.list': 'read',
  'records.query': 'read',
  'records.get': 'read',
  'records.aggregate': 'read',
  'records.places': 'read',
  'records.history': 'read',
  'comments.list': 'read',
  'files.get': 'read',
  'events.changes': 'read',
  'tasks.list': 'read',
  'tasks.get': 'read',
  'records.buttons': 'read',
  'records.create': 'write',
  'records.update': 'write',
  'records.delete': 'write',
  'records.batch': 'write',
  'records.restore': 'write',
  'comments.create': 'write',
  'files.upload': 'write',
  'tasks.approve': 'write',
  'tasks.reject': 'write',
  'tasks.return': 'write',
  'tasks.fill': 'write',
  'records.press': 'write',
} as const satisfies Partial<Record<RouteName, 'read' | 'write'>>;

/** What a key needs for the route; undefined for what no key may call. */
export function keyUseOf(name: RouteName | undefined): 'read' | 'write' | undefined {
  return name === undefined ? undefined : (keyRoutes as Partial<Record<RouteName, 'read' | 'write'>>)[name];
}

/** A key as its holder sends it: told from a session's token by its beginning and length. */
export const keyPattern = /^lianke_[A-Za-z0-9_-]{43}$/;
export const keyPrefix = 'lianke_';
