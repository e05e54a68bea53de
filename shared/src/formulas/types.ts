/** Kinds of single values. `blank` is the kind of what is always empty; it goes with every other kind. */
export type Kind = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'blank';

/** What a part of a formula gives: one value, or a list of values of one kind. */
export interface FormulaType {
  kind: Kind;
  list: boolean;
}

export const single = (kind: Kind): FormulaType => ({ kind, list: false });
export const listOf = (kind: Kind): FormulaType => ({ kind, list: true });

/** What a parameter takes: a kind, `moment` (date or datetime as it is) or `any`. */
export type Wanted = Exclude<Kind, 'blank'> | 'moment' | 'any';

/** Whether a value of `kind` may stand where `wanted` is needed; what differs is converted when computing. */
export function suits(kind: Kind, wanted: Wanted): boolean {
  if (kind === 'blank' || wanted === 'any' || kind === wanted) return true;
  switch (wanted) {
    case 'text':
      return true;
    case 'number':
      return kind === 'boolean';
    case 'date':
      return kind === 'datetime';
    case 'datetime':
      return kind === 'date';
    case 'moment':
      return kind === 'date' || kind === 'datetime';
    default:
      return false;
  }
}

/** The one kind that values of all these kinds become side by side; undefined when they do not mix. */
export function common(kinds: readonly Kind[]): Kind | undefined {
  const real = new Set(kinds.filter((kind) => kind !== 'blank'));
  const [first] = real;
  if (real.size === 0) return 'blank';
  if (real.size === 1) return first;
  return real.size === 2 && real.has('date') && real.has('datetime') ? 'datetime' : undefined;
}
