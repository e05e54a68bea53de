import type { Clock } from './clock.js';
import type { Hub } from './hub.js';
import { maskSecrets, maskUrl } from './mask.js';

/** One call between an application and the chat platform, secrets already masked. */
export interface LogEntry {
  id: number;
  /** Milliseconds since the epoch, on the sandbox's clock. */
  at: number;
  platform: 'wecom' | 'dingtalk';
  /** `in`: the application calls the platform; `out`: the platform calls the application; `page`: a browser opens a platform page. */
  direction: 'in' | 'out' | 'page';
  method: string;
  path: string;
  query: Record<string, string>;
  corpId: string | null;
  agentId: number | null;
  request: unknown;
  status: number;
  response: unknown;
  errcode: number | null;
  /** How long the call took, real milliseconds. */
  ms: number;
  /** Advice of the platform that is no error, e.g. a title that will be folded. */
  warnings: string[];
}

export interface LogFilter {
  text?: string | undefined;
  direction?: LogEntry['direction'] | undefined;
  corpId?: string | undefined;
  failed?: boolean | undefined;
  limit?: number | undefined;
}

const KEEP = 2000;

/** The last calls, newest last. */
export class ProtocolLog {
  private entries: LogEntry[] = [];
  private sequence = 0;

  constructor(
    private readonly clock: Clock,
    private readonly hub: Hub,
  ) {}

  add(
    entry: Omit<LogEntry, 'id' | 'at' | 'query' | 'warnings'> & { query?: Record<string, string>; warnings?: string[] },
  ): number {
    this.sequence += 1;
    const query = entry.query ?? {};
    this.entries.push({
      ...entry,
      id: this.sequence,
      at: this.clock.now(),
      path: maskUrl(entry.path),
      query: maskSecrets(query) as Record<string, string>,
      request: maskSecrets(entry.request),
      response: maskSecrets(entry.response),
      warnings: entry.warnings ?? [],
    });
    if (this.entries.length > KEEP) this.entries = this.entries.slice(-KEEP);
    this.hub.emit({ kind: 'log' });
    return this.sequence;
  }

  /** Newest first. */
  list(filter: LogFilter = {}): LogEntry[] {
    const text = filter.text?.toLowerCase();
    const found = this.entries.filter((entry) => {
      if (filter.direction && entry.direction !== filter.direction) return false;
      if (filter.corpId && entry.corpId !== filter.corpId) return false;
      if (filter.failed && entry.status < 400 && (entry.errcode ?? 0) === 0) return false;
      return !text || JSON.stringify(entry).toLowerCase().includes(text);
    });
    return found.reverse().slice(0, filter.limit ?? 200);
  }

  clear(): void {
    this.entries = [];
  }
}
