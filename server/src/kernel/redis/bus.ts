/** Live messages between processes: at most once, nothing is kept. Whatever matters is a row that is polled too. */
export interface Bus {
  /** Never rejects: a lost message is found by polling. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Calls the listener for every later message, those of this process included.
   * @returns a function that ends the subscription
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

type Listener = (message: string) => void;

/** Listeners by channel; one that throws does not keep a message from the others. */
export class Listeners {
  private readonly byChannel = new Map<string, Set<Listener>>();

  constructor(private readonly onError: (error: unknown) => void) {}

  /** @returns true when it is the channel's first */
  add(channel: string, listener: Listener): boolean {
    const known = this.byChannel.get(channel);
    if (known) {
      known.add(listener);
      return false;
    }
    this.byChannel.set(channel, new Set([listener]));
    return true;
  }

  /** @returns true when it was the channel's last */
  remove(channel: string, listener: Listener): boolean {
    const known = this.byChannel.get(channel);
    if (!known?.delete(listener) || known.size > 0) return false;
    this.byChannel.delete(channel);
    return true;
  }

  deliver(channel: string, message: string): void {
    for (const listener of [...(this.byChannel.get(channel) ?? [])]) {
      try {
        listener(message);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  clear(): void {
    this.byChannel.clear();
  }
}

/** The bus of a single process. Delivery is asynchronous, as it is over Redis. */
export class MemoryBus implements Bus {
  private readonly listeners: Listeners;

  constructor(onError: (error: unknown) => void = () => undefined) {
    this.listeners = new Listeners(onError);
  }

  async publish(channel: string, message: string): Promise<void> {
    setImmediate(() => this.listeners.deliver(channel, message));
  }

  async subscribe(channel: string, listener: Listener): Promise<() => Promise<void>> {
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const own = (message: string) => listener(message);
    this.listeners.add(channel, own);
    return async () => {
      this.listeners.remove(channel, own);
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
  }
}
