import type { FieldError } from '../errors/codes.js';
import type { FieldTypeName } from '../fields/registry.js';
import type { Filter } from '../filter/ast.js';
import type { FilterEnv } from '../filter/condition-test.js';
import { evaluate, FilterFault } from '../filter/evaluate.js';
import { filterKindOf } from '../filter/filter-kinds.js';
import type { Json } from '../json.js';
import { matchesPattern } from './pattern.js';
import type { FieldRules, FormCheck } from './rule-schema.js';

/** What rules need to know of a field; stored, read and designed fields all fit. */
export interface RuleField {
  readonly id: string;
  readonly key: string;
  readonly type: FieldTypeName;
  readonly rules: FieldRules;
  /** Kept by the system or of it: nobody is asked to fill it. */
  readonly kept?: boolean | undefined;
  /**
   * Of computed fields: ids of the record's own fields that they follow from. One without a value is not known here, and
   * one that follows from a faulty value means nothing: conditions on it then decide nothing.
   */
  readonly reads?: readonly string[] | undefined;
}

export interface RuleForm {
  readonly fields: readonly RuleField[];
  readonly settings: {
    readonly checks?: readonly FormCheck[] | undefined;
    readonly hiddenValues?: 'keep' | 'clear' | undefined;
  };
}

/** How a field stands for one record. `options`: the only ones that may be chosen. */
export interface FieldState {
  visible: boolean;
  required: boolean;
  readonly: boolean;
  options?: readonly string[];
  /** What related records must meet to be chosen. */
  pick?: Filter;
}

/** Canonical values by field id, as stored. */
export type RuleValues = Readonly<Record<string, Json | undefined>>;

const blank = (value: Json | undefined) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** True when the form has rules that look at more than one value of one field. */
export function hasRules(form: RuleForm): boolean {
  return (
    (form.settings.checks ?? []).length > 0 ||
    form.fields.some(({ rules }) =>
      Boolean(
        rules.pattern ||
          rules.minLength ||
          rules.visibleWhen ||
          rules.requiredWhen ||
          rules.readonlyWhen ||
          rules.optionsBy ||
          rules.pickBy ||
          rules.pickWhen,
      ),
    )
  );
}

/** What stands in the way of a check: fields that count as empty, and fields whose values are faulty, by id. */
export interface CheckState {
  empty: ReadonlySet<string>;
  faulty: ReadonlySet<string>;
}

/** Whether a record meets a check by formula; undefined where that cannot be told. Formulas are computed elsewhere. */
export type CheckJudge = (check: FormCheck, state: CheckState) => boolean | undefined;

class Conditions {
  private readonly byRef = new Map<string, RuleField>();
  hidden = new Set<string>();
  /** Ids of fields whose values are faulty. */
  readonly faulty = new Set<string>();

  constructor(
    private readonly form: RuleForm,
    private readonly values: RuleValues,
    private readonly env: FilterEnv,
  ) {
    for (const field of form.fields) {
      this.byRef.set(field.key, field);
      this.byRef.set(field.id, field);
    }
  }

  field(ref: string): RuleField | undefined {
    return this.byRef.get(ref);
  }

  /** Ids of hidden fields that are cleared. */
  get empty(): ReadonlySet<string> {
    return this.form.settings.hiddenValues === 'clear' ? this.hidden : new Set();
  }

  /** A hidden field that is cleared counts as empty for every other rule; what is computed stays. */
  value(field: RuleField): Json | undefined {
    const cleared = this.form.settings.hiddenValues === 'clear' && !field.reads && this.hidden.has(field.id);
    return cleared ? null : this.values[field.id];
  }

  private isKnown(field: RuleField): boolean {
    if (!field.reads) return true;
    return this.values[field.id] !== undefined && !field.reads.some((id) => this.faulty.has(id));
  }

  /** A condition on a field that is gone, or on a value that is not known, says nothing: `otherwise` then stands. */
  holds(filter: Filter | undefined, otherwise: boolean): boolean {
    if (!filter) return otherwise;
    try {
      return evaluate(
        filter,
        (ref) => {
          const field = this.byRef.get(ref);
          return field && this.isKnown(field)
            ? { field: filterKindOf(field.type), value: this.value(field) }
            : undefined;
        },
        this.env,
      );
    } catch (error) {
      if (error instanceof FilterFault) return otherwise;
      throw error;
    }
  }

  /** Hides until nothing changes any more: a hidden field may hide the next. */
  settle(): void {
    for (let round = 0; round <= this.form.fields.length; round++) {
      const next = new Set(
        this.form.fields.filter((field) => !this.holds(field.rules.visibleWhen, true)).map((field) => field.id),
      );
      const same = next.size === this.hidden.size && [...next].every((id) => this.hidden.has(id));
      this.hidden = next;
      if (same || this.form.settings.hiddenValues !== 'clear') return;
    }
  }

  stateOf(field: RuleField): FieldState {
    const { rules } = field;
    const visible = !this.hidden.has(field.id);
    const by = rules.optionsBy && this.byRef.get(rules.optionsBy.field);
    const other = by && this.value(by);
    const pick = this.pickOf(field);
    const options = typeof other === 'string' ? rules.optionsBy?.allowed[other] : undefined;
    return {
      visible,
      required: visible && !field.kept && (rules.required === true || this.holds(rules.requiredWhen, false)),
      readonly: this.holds(rules.readonlyWhen, false),
      ...(options ? { options } : {}),
      ...(pick ? { pick } : {}),
    };
  }

  private pickOf({ rules }: RuleField): Filter | undefined {
    const parts = (rules.pickBy ?? []).flatMap((rule): Filter[] => {
      const by = this.byRef.get(rule.by);
      const value = by && this.value(by);
      return value === undefined || blank(value) || typeof value === 'object'
        ? []
        : [{ field: rule.field, op: 'eq', value }];
    });
    if (rules.pickWhen) parts.push(rules.pickWhen);
    return parts.length > 0 ? { and: parts } : undefined;
  }
}

/** Most times that hiding fields and computing from the others go round. */
const mostRounds = 5;

/** Ids of the fields that the rules hide for these values. */
export function hiddenFields(form: RuleForm, values: RuleValues, env: FilterEnv): ReadonlySet<string> {
  const conditions = new Conditions(form, values, env);
  conditions.settle();
  return conditions.hidden;
}

/**
 * Goes round until hiding and computing agree: where hidden fields are emptied, what is computed from them is computed
 * anew, which may hide or show others. A generator, so that the caller may compute at once or by asking a database: it
 * is given the fields to leave empty, and answers with all values of the record.
 */
export function* settling(form: RuleForm, env: FilterEnv): Generator<ReadonlySet<string>, RuleValues, RuleValues> {
  let hidden: ReadonlySet<string> = new Set();
  let values = yield hidden;
  for (let round = 0; form.settings.hiddenValues === 'clear' && round < mostRounds; round++) {
    const next = hiddenFields(form, values, env);
    if (next.size === hidden.size && [...next].every((id) => hidden.has(id))) break;
    hidden = next;
    values = yield hidden;
  }
  return values;
}

/** {@link settling} with what computes at once. @param compute all values of the record, these fields being empty */
export function settledValues(
  form: RuleForm,
  env: FilterEnv,
  compute: (hidden: ReadonlySet<string>) => RuleValues,
): RuleValues {
  const rounds = settling(form, env);
  let round = rounds.next();
  while (!round.done) round = rounds.next(compute(round.value));
  return round.value;
}

/** How every field stands for a record with these values, by field id. */
export function fieldStates(form: RuleForm, values: RuleValues, env: FilterEnv): Map<string, FieldState> {
  const conditions = new Conditions(form, values, env);
  conditions.settle();
  return new Map(form.fields.map((field) => [field.id, conditions.stateOf(field)]));
}

/** Whether a condition of the layout holds for these values, hidden fields seen as rules see them. */
export function layoutHolds(form: RuleForm, values: RuleValues, filter: Filter, env: FilterEnv): boolean {
  const conditions = new Conditions(form, values, env);
  conditions.settle();
  return conditions.holds(filter, true);
}

/** Answer of the rules for one record: what is wrong, and which fields are hidden. */
export interface RuleVerdict {
  errors: FieldError[];
  hidden: ReadonlySet<string>;
}

/**
 * Checks a record as it would be by all rules of its form: the same on the server for every door, and live on screen.
 * Hidden fields are asked nothing. Fields that failed their own type are not judged again (`failed`, by key). Without a
 * `judge` checks by formula say nothing.
 */
export function checkRules(
  form: RuleForm,
  values: RuleValues,
  env: FilterEnv,
  failed: ReadonlySet<string> = new Set(),
  judge?: CheckJudge,
): RuleVerdict {
  const conditions = new Conditions(form, values, env);
  const broken = (keys: ReadonlySet<string>) => {
    // A fault in a subform's rows is named `items[2].price`.
    for (const key of keys) conditions.faulty.add(conditions.field(key.split('[')[0] ?? '')?.id ?? '');
  };
  broken(failed);
  conditions.settle();
  const errors: FieldError[] = [];
  for (const field of form.fields) {
    if (failed.has(field.key) || conditions.hidden.has(field.id)) continue;
    const error = faultOf(field, values[field.id], conditions.stateOf(field));
    if (error) errors.push({ field: field.key, ...error });
  }
  const wrong = new Set(errors.map((error) => error.field));
  broken(wrong);
  for (const check of form.settings.checks ?? []) {
    const met =
      check.formula === undefined
        ? conditions.holds(check.must, true)
        : judge?.(check, { empty: conditions.empty, faulty: conditions.faulty });
    if (met !== false) continue;
    const at = check.field ? conditions.field(check.field) : undefined;
    const refs = check.must ? refsOf(check.must) : [];
    const read = form.fields.filter((item) => refs.some((ref) => ref === item.id || ref === item.key));
    // Where somebody can mend it: at what a computed field follows from, not at what it gives.
    const behind = form.fields.filter((item) => read.some((of) => of.reads?.includes(item.id)));
    const field = at?.key ?? ([...read, ...behind].find((item) => !item.kept && !item.reads) ?? read[0])?.key;
    if (field !== undefined && !wrong.has(field) && !failed.has(field))
      errors.push({ field, code: 'rule_failed', params: { message: check.message } });
  }
  return { errors, hidden: conditions.hidden };
}

function refsOf(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(refsOf);
  if ('or' in filter) return filter.or.flatMap(refsOf);
  return 'not' in filter ? refsOf(filter.not) : [filter.field];
}

function faultOf(
  field: RuleField,
  value: Json | undefined,
  state: FieldState,
): Pick<FieldError, 'code' | 'params'> | undefined {
  if (blank(value)) return state.required ? { code: 'required' } : undefined;
  const { minLength, pattern } = field.rules;
  const texts = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
  if (minLength !== undefined && texts.some((text) => [...text].length < minLength))
    return { code: 'too_short', params: { min: minLength } };
  if (pattern && texts.some((text) => !matchesPattern(text, pattern.regex)))
    return { code: 'bad_pattern', params: { message: pattern.message || pattern.regex } };
  const other = state.options && texts.find((text) => !state.options?.includes(text));
  return other === undefined ? undefined : { code: 'unknown_option', params: { value: other.slice(0, 60) } };
}
