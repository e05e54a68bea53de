import type { MemberId, SessionId, TenantId } from '@lianke/shared/ids';
import type { Database } from '../../kernel/database/database.js';

export interface SessionRow {
  session_id: SessionId;
  tenant_id: TenantId;
  member_id: MemberId;
  door: 'console' | 'miniapp';
  time_zone: string;
  access_version: number;
  schema_version: number;
}

/**
 * Reads sessions for requests that arrive close to each other in one call. Every request's session is read after the
 * request came: whoever arrives while a call is under way waits for the next one.
 */
export class SessionLookup {
  private waiting = new Map<string, Promise<SessionRow | undefined>>();
  private gathering: Promise<Map<string, SessionRow>> | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Pick<Database, 'control'>) {}

  /** The session of a token's hash, while it has not expired and its member is active. */
  find(hash: Buffer): Promise<SessionRow | undefined> {
    const key = hash.toString('hex');
    const known = this.waiting.get(key);
    if (known) return known;
    this.gathering ??= this.next();
    const row = this.gathering.then((rows) => rows.get(key));
    this.waiting.set(key, row);
    return row;
  }

  private next(): Promise<Map<string, SessionRow>> {
    const call = this.running.then(async () => {
      const hashes = [...this.waiting.keys()].map((key) => Buffer.from(key, 'hex'));
      this.waiting = new Map();
      this.gathering = undefined;
      const rows = await this.database.control<SessionRow & { token: Buffer }>(
        'SELECT * FROM lianke.resolve_sessions($1::bytea[])',
        [hashes],
        { repeated: true },
      );
      return new Map(rows.map((row) => [row.token.toString('hex'), row]));
    });
    this.running = call.catch(() => undefined);
    return call;
  }
}
