import type { Clock } from '../core/clock.js';
import type { Hub } from '../core/hub.js';

/** Something worth a tick in the walk, or worth an explanation when the walk stops. */
export type JournalEntry =
  | { kind: 'login-confirmed'; corpId: string; userid: string }
  | { kind: 'login-exchanged'; corpId: string; userid: string; origin: 'login' | 'oauth' | 'client' }
  | { kind: 'login-failed'; corpId: string; reason: string }
  | { kind: 'message-sent'; corpId: string; userids: string[]; msgid: string; interactive: boolean }
  | { kind: 'message-refused'; corpId: string; reason: string }
  | { kind: 'card-pressed'; corpId: string; userid: string; msgid: string; key: string }
  | { kind: 'card-updated'; corpId: string; userids: string[]; msgid: string }
  | { kind: 'callback-failed'; corpId: string; deliveryId: string; reason: string }
  | { kind: 'callback-delivered'; corpId: string; deliveryId: string }
  | { kind: 'mini-app-opened'; corpId: string; userid: string }
  | { kind: 'clock-advanced'; ms: number };

export type Stamped = JournalEntry & { at: number; id: number };

const KEEP = 5000;

/** The notable events in order, oldest first. */
export class Journal {
  entries: Stamped[] = [];
  private sequence = 0;

  constructor(
    private readonly clock: Clock,
    private readonly hub: Hub,
  ) {}

  add(entry: JournalEntry): void {
    this.sequence += 1;
    this.entries.push({ ...entry, at: this.clock.now(), id: this.sequence });
    if (this.entries.length > KEEP) this.entries = this.entries.slice(-KEEP);
    this.hub.emit({ kind: 'steps' });
  }

  /** Takes over the entries of an earlier run. */
  restore(entries: Stamped[]): void {
    this.entries = entries;
    this.sequence = entries.at(-1)?.id ?? 0;
  }

  /** The walk begins anew: who is logged in still is, nothing else has happened. */
  forgetWalk(): void {
    this.entries = this.entries.filter((entry) => entry.kind.startsWith('login-'));
  }

  clear(): void {
    this.entries = [];
  }
}
