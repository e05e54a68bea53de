import type { EntityTarget, ObjectLiteral, Repository } from 'typeorm';

/** A value that can be bound to a statement. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly SqlValue[]
  | { readonly [key: string]: unknown };

export interface StatementOptions {
  /** The same text comes again and again: connections keep it parsed and planned. Not for sets of varying size. */
  repeated?: boolean;
  /**
   * Nothing follows: COMMIT is sent right behind the statement, which saves a round trip. If it fails, everything is
   * rolled back as ever; once it succeeds, the transaction can no longer be undone by throwing.
   */
  last?: boolean;
}

/** One open transaction on one connection. Statements may be sent without awaiting the ones before: they run in order. */
export interface Tx {
  /** Rows of a parameterised statement. A failing statement poisons the transaction. */
  sql<Row = Record<string, unknown>>(
    text: string,
    values?: readonly SqlValue[],
    options?: StatementOptions,
  ): Promise<Row[]>;
  /** Number of rows a statement changed. */
  run(text: string, values?: readonly SqlValue[], options?: StatementOptions): Promise<number>;
  /** TypeORM repository bound to this transaction. */
  repo<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity>;
  /** Runs `work` inside a savepoint; a failure undoes only its own statements and is thrown on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Called once after a successful commit, never after a rollback. */
  afterCommit(callback: () => void): void;
}
