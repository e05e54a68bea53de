import type { Ids } from './company.js';

/** A position in a list that no list has given. */
export const brokenCursor = 'cursor=broken';

export interface Probe {
  body?: unknown;
  query?: string;
}

/**
 * What every route with a body or a query is asked, `other` being ids of another company or of nobody, `own` the
 * caller's. `tag` is new for each request and stands where a name must be free.
 */
export type Probes = Record<string, (other: Ids, own: Ids, tag: string) => Probe[]>;
