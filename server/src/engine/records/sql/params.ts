import type { SqlValue } from '../../../kernel/database/tx.js';

/** Bound values of one statement. */
export class Params {
  readonly values: SqlValue[] = [];

  /** Binds a value and answers its placeholder, cast to `type`. */
  add(value: SqlValue, type?: string): string {
    this.values.push(value);
    return type ? `$${this.values.length}::${type}` : `$${this.values.length}`;
  }
}
