/** What changed, coarse on purpose: the page re-reads what it shows, so an event lost on the way costs nothing. */
export type HubEvent =
  | { kind: 'message'; corpId: string; userids: string[] }
  | { kind: 'card'; corpId: string; userids: string[] }
  | { kind: 'read'; corpId: string; userids: string[] }
  | { kind: 'phone'; userids: string[] }
  | { kind: 'login' }
  | { kind: 'log' }
  | { kind: 'clock'; now: number }
  | { kind: 'steps' }
  | { kind: 'switches' }
  | { kind: 'reset' };

/** In-process fan-out to the open pages. */
export class Hub {
  private readonly listeners = new Set<(event: HubEvent) => void>();

  emit(event: HubEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: HubEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get size(): number {
    return this.listeners.size;
  }
}
