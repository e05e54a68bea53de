import type { Ref } from './record-types.js';

const waiting = new Map<string, (made: Ref) => void>();
let last = 0;

/** Waits for a record that is made on a page of its own. @returns what that page is given to name it by */
export function awaitCreated(take: (made: Ref) => void): string {
  last += 1;
  const token = String(last);
  waiting.set(token, take);
  return token;
}

/** Whether somebody still waits; nobody does once the page was opened anew. */
export const isAwaited = (token: string | undefined): token is string => token !== undefined && waiting.has(token);

/** Gives the new record to who waits for it. */
export function handCreated(token: string, made: Ref): void {
  waiting.get(token)?.(made);
  waiting.delete(token);
}
