import { readStored, writeStored } from '../platform/storage.js';
import { session } from '../session/session.js';
import type { Ref } from './record-types.js';

const kept = 5;

function key(): string {
  return `recent.${session.get().me?.member.id ?? ''}.${session.get().me?.tenant.id ?? ''}`;
}

/** The last five customers this person opened or visited, newest first. */
export function recentCustomers(): Ref[] {
  return readStored<Ref[]>(key()) ?? [];
}

export function rememberCustomer(customer: Ref): void {
  writeStored(key(), [customer, ...recentCustomers().filter((other) => other.id !== customer.id)].slice(0, kept));
}
