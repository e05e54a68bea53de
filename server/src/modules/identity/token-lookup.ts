import type { Database } from '../../kernel/database/database.js';

/**
 * Reads what tokens stand for, of requests that arrive close to each other in one call. Every request's token is read
 * after the request came: whoever arrives while a call is under way waits for the next one.
 * @param select over hashes as `$1::bytea[]`, answering rows with their hash as `token`
 */
export class TokenLookup<Row> {
  private waiting = new Map<string, Promise<Row | undefined>>();
  private gathering: Promise<Map<string, Row>> | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Pick<Database, 'control'>,
    private readonly select: string,
  ) {}

  /** The row of a token's hash. */
  find(hash: Buffer): Promise<Row | undefined> {
    const key = hash.toString('hex');
    const known = this.waiting.get(key);
    if (known) return known;
    this.gathering ??= this.next();
    const row = this.gathering.then((rows) => rows.get(key));
    this.waiting.set(key, row);
    return row;
  }

  private next(): Promise<Map<string, Row>> {
    const call = this.running.then(async () => {
      const hashes = [...this.waiting.keys()].map((key) => Buffer.from(key, 'hex'));
      this.waiting = new Map();
      this.gathering = undefined;
      const rows = await this.database.control<Row & { token: Buffer }>(this.select, [hashes], { repeated: true });
      return new Map(rows.map((row) => [row.token.toString('hex'), row]));
    });
    this.running = call.catch(() => undefined);
    return call;
  }
}
