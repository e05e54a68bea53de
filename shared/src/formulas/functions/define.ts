import type { Span } from '../ast.js';
import type { Dec } from '../decimal.js';
import type { FormulaType, Kind, Wanted } from '../types.js';
import type { Scalar, Value } from '../values.js';

export const categories = ['logic', 'number', 'text', 'date', 'list'] as const;
export type Category = (typeof categories)[number];

/** `one`: a single value; `many`: single values and lists, taken together; `list`: a list kept as it is, in its order. */
export type Shape = 'one' | 'many' | 'list';

export interface Param {
  wanted: Wanted;
  shape: Shape;
  optional?: boolean;
}

/** What a computation may know besides its arguments. */
export interface RunContext {
  /** IANA zone of the tenant. */
  zone: string;
  now: Date;
  /** Where the call stands, for faults. */
  at: Span;
  name: string;
  /** Counts work; throws when the formula does too much. */
  spend(steps: number): void;
}

/** A value not computed yet. */
export type Thunk = () => Value;

interface Common {
  name: string;
  /** Chinese names, the first shown. */
  zh: readonly string[];
  aliases?: readonly string[];
  category: Category;
  params: readonly Param[];
  /** So many of the last params repeat, one group at least unless they are optional. */
  repeat?: number;
  /** One more argument that may follow the repeated ones. */
  trailing?: Param;
  /** Its result, or what of the arguments decides it; undefined: the arguments do not mix. */
  returns: Kind | FormulaType | ((args: readonly FormulaType[]) => FormulaType | undefined);
  /** Its result changes with the day or hour. */
  volatile?: boolean;
  /** Blank arguments of kind date, datetime and moment reach `run`; else they make the result blank. */
  blankDates?: boolean;
}

/** Arguments are computed and converted: numbers as decimals, texts, days and instants as JavaScript numbers. */
export interface EagerFunction extends Common {
  run(args: readonly Argument[], context: RunContext): Value;
}

/** Decides itself which arguments are computed: IF, IFERROR … */
export interface LazyFunction extends Common {
  lazy(args: readonly Thunk[], context: RunContext): Value;
}

export type FunctionDef = EagerFunction | LazyFunction;

/** A converted argument: `number` → Dec, `text` → string, `boolean` → boolean, `date` → day, `datetime` → ms, else as it is; lists of these. */
export type Argument = Dec | string | boolean | number | null | Scalar | readonly Scalar[] | undefined;

export const one = (wanted: Wanted): Param => ({ wanted, shape: 'one' });
export const maybe = (wanted: Wanted): Param => ({ wanted, shape: 'one', optional: true });
export const many = (wanted: Wanted): Param => ({ wanted, shape: 'many' });
export const list = (wanted: Wanted): Param => ({ wanted, shape: 'list' });
