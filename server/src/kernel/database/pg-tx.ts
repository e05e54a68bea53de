import type pg from 'pg';
import type { EntityTarget, ObjectLiteral, QueryRunner } from 'typeorm';
import type { PreparedNames } from './prepared-names.js';
import type { SqlValue, StatementOptions, Tx } from './tx.js';

/**
 * Sends a statement. Everything sent on a connection in one turn of the event loop leaves in one packet: a packet
 * costs both sides more than a small statement does.
 */
export function send(
  client: pg.PoolClient,
  names: PreparedNames | undefined,
  text: string,
  values?: readonly SqlValue[],
  repeated?: boolean,
): Promise<pg.QueryResult> {
  const { stream } = client.connection;
  if (stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  }
  const name = repeated ? names?.of(text) : undefined;
  return client.query({ text, ...(name ? { name } : {}), ...(values ? { values: values as unknown[] } : {}) });
}

/** A transaction over one pooled connection. */
export class PgTx implements Tx {
  private readonly callbacks: (() => void)[] = [];
  private savepoints = 0;
  private ending: Promise<void> | undefined;
  private over = false;

  constructor(
    private readonly runner: QueryRunner,
    private readonly client: pg.PoolClient,
    private readonly names: PreparedNames | undefined,
  ) {}

  async sql<Row>(text: string, values: readonly SqlValue[] = [], options: StatementOptions = {}): Promise<Row[]> {
    return (await this.statement(text, values, options)).rows as Row[];
  }

  async run(text: string, values: readonly SqlValue[] = [], options: StatementOptions = {}): Promise<number> {
    return (await this.statement(text, values, options)).rowCount ?? 0;
  }

  repo<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>) {
    return this.runner.manager.getRepository(entity);
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `s${++this.savepoints}`;
    await this.send(`SAVEPOINT ${name}`);
    try {
      const result = await work();
      await this.send(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      await this.send(`ROLLBACK TO SAVEPOINT ${name}`);
      throw error;
    }
  }

  afterCommit(callback: () => void): void {
    this.callbacks.push(callback);
  }

  /** Commits, unless the last statement brought its COMMIT along; then waits for that one. */
  async commit(): Promise<void> {
    this.ending ??= this.sendCommit();
    await this.ending;
    this.over = true;
  }

  /**
   * Rolls back, and refuses every later statement: what still runs beside the work that failed would otherwise speak
   * into the transaction of whoever gets the connection next. Answers whether the connection can be used again.
   */
  async rollBack(): Promise<boolean> {
    this.over = true;
    return this.client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
  }

  committed(): void {
    for (const callback of this.callbacks) callback();
  }

  private statement(text: string, values: readonly SqlValue[], options: StatementOptions): Promise<pg.QueryResult> {
    if (this.ending) throw new Error('a statement after the last one of its transaction');
    const answer = this.send(text, values, options.repeated);
    if (options.last) {
      this.ending = this.sendCommit();
      // Whoever awaits the statement learns of its failure there.
      this.ending.catch(() => undefined);
    }
    return answer;
  }

  private async sendCommit(): Promise<void> {
    const { command } = await this.send('COMMIT');
    // PostgreSQL answers so when a statement had failed and nobody minded.
    if (command === 'ROLLBACK') throw new Error('the transaction was rolled back: one of its statements had failed');
  }

  private async send(text: string, values?: readonly SqlValue[], repeated?: boolean): Promise<pg.QueryResult> {
    if (this.over) throw new Error('a statement after the end of its transaction');
    return send(this.client, this.names, text, values, repeated);
  }
}
