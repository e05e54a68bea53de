import type { Json } from '@lianke/shared/json';
import type { FieldMeta } from '../form-meta.js';
import { named, type Repeated } from '../repeated.js';
import type { Refusal } from './convert-value.js';

/** Values of some fields, taken together, as they would be after a conversion, and which of them come more than once. */
export class RepeatCount implements Repeated {
  values = 0;
  rows = 0;
  /** Records that would repeat each other, the first of them. */
  readonly found: { id: string; words: string }[] = [];
  private readonly met = new Map<string, { id: string; words: string } | null>();

  constructor(
    readonly fields: readonly FieldMeta[],
    private readonly shown: number,
    /** Rows of subforms repeat only those of their own record. */
    private readonly ofRows: boolean,
  ) {}

  /**
   * Takes in a record's values; one that is empty makes the record repeat none. `words` is what the field holds now,
   * `record` the one that a row belongs to.
   */
  add(id: string, values: readonly Json[], words: () => string, record: string | null): void {
    if (values.some((value) => value === null)) return;
    const key = JSON.stringify([record, ...values]);
    const first = this.met.get(key);
    if (first === undefined) {
      this.met.set(key, { id, words: words() });
      return;
    }
    this.rows++;
    if (first) {
      this.values++;
      this.rows++;
      this.show(first);
      // Told of once; only that it was met is still of use.
      this.met.set(key, null);
    }
    this.show({ id, words: words() });
  }

  /** As a value that repeats is refused wherever it is written. */
  get refusal(): Refusal {
    if (this.ofRows) return { code: 'row_not_unique' };
    return this.fields.length === 1
      ? { code: 'not_unique' }
      : { code: 'set_not_unique', params: { fields: named(this.fields) } };
  }

  private show(item: { id: string; words: string }): void {
    if (this.found.length < this.shown) this.found.push(item);
  }
}
