import type { RouteName } from '../api/routes.js';

/**
 * What an API key may call, and whether that only reads: the data of forms and what one needs to understand them.
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
  'records.history': 'read',
  'comments.list': 'read',
  'files.get': 'read',
  'events.changes': 'read',
  'records.create': 'write',
  'records.update': 'write',
  'records.delete': 'write',
  'records.batch': 'write',
  'records.restore': 'write',
  'comments.create': 'write',
  'files.upload': 'write',
} as const satisfies Partial<Record<RouteName, 'read' | 'write'>>;

/** What a key needs for the route; undefined for what no key may call. */
export function keyUseOf(name: RouteName | undefined): 'read' | 'write' | undefined {
  return name === undefined ? undefined : (keyRoutes as Partial<Record<RouteName, 'read' | 'write'>>)[name];
}

/** A key as its holder sends it: told from a session's token by its beginning and length. */
export const keyPattern = /^lianke_[A-Za-z0-9_-]{43}$/;
export const keyPrefix = 'lianke_';
