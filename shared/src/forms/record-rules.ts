import type { FieldError } from '../errors/codes.js';
import { shownAs } from '../fields/derived.js';
import type { Filter } from '../filter/ast.js';
import type { FilterEnv } from '../filter/condition-test.js';
import type { CheckFormulas } from '../formulas/check-formulas.js';
import { asJson, type Json } from '../json.js';
import { computedReads, type Filling, type KnownComputed, knownComputed } from './computed-fields.js';
import type { FormView } from './definition.js';
import { withSectionRules } from './layout.js';
import {
  checkRules,
  type FieldState,
  fieldStates,
  hasRules,
  layoutHolds,
  type RuleForm,
  type RuleValues,
  settledValues,
} from './rules.js';

type ReadField = FormView['fields'][number];
type Values = Readonly<Record<string, Json | undefined>>;

/** A form, or the rows of a subform, as far as rules go. */
export type RuledForm = Pick<FormView, 'fields' | 'settings'> & { layout?: FormView['layout'] | undefined };

/** What screens know of values that this module does not. */
export interface ValueReader {
  /** The value as stored: references as their ids; of computed fields as their result's type has it. */
  canonical(field: ReadField, value: Json | undefined): Json;
  /** Nobody fills it in. */
  isKept(field: ReadField): boolean;
}

/** A form's rules for one record that is read or filled in; the server asks the same ones. */
export interface RecordRules {
  stateOf(field: ReadField): FieldState | undefined;
  /** What is wrong. @param failed keys of fields whose own types refuse their values */
  errors(failed: ReadonlySet<string>): FieldError[];
  /** The field with only the options, or the related records, that may be chosen now. */
  narrowed(field: ReadField): ReadField;
  /** Whether a condition of the layout holds; one that cannot be asked does. */
  holds(filter: Filter | undefined): boolean;
  /** What the formulas give for these values, by field key. */
  computed: Record<string, Json>;
}

/** How a record is being filled in; absent when it is only read: its computed values stand as they are. */
export interface Typing extends Pick<Filling, 'read' | 'compute'> {
  /** The form's checks by formula; without them the server alone asks those. */
  checks?: CheckFormulas | undefined;
}

/** The form as its rules see it. */
export function ruleFormOf(form: RuledForm, reader: Pick<ValueReader, 'isKept'>): RuleForm {
  const reads = computedReads(form.fields);
  const fields = form.fields.map((field) => ({
    id: field.id as string,
    key: field.key,
    type: shownAs(field).type,
    rules: field.rules,
    kept: reader.isKept(field),
    // What stands behind stars is not known here.
    reads: field.masked ? [] : reads.get(field.id),
  }));
  return { fields: withSectionRules(fields, form.layout), settings: form.settings };
}

/** The rules for these values. */
export function recordRules(
  form: RuledForm,
  values: Values,
  env: FilterEnv,
  reader: ValueReader,
  typing?: Typing,
): RecordRules {
  const rules = ruleFormOf(form, reader);
  let found: KnownComputed = { known: {}, live: {} };
  const compute = (hidden: ReadonlySet<string>): RuleValues => {
    if (typing) found = knownComputed(form.fields, { ...typing, values: without(values, form.fields, hidden) });
    return Object.fromEntries(form.fields.map((field) => [field.id, known(field)]));
  };
  const known = (field: ReadField): Json | undefined => {
    if (field.masked) return undefined;
    const computed = rules.fields.find(({ id }) => id === field.id)?.reads !== undefined;
    const value = computed && typing ? found.known[field.key] : values[field.key];
    return computed && value === undefined ? undefined : reader.canonical(field, value);
  };
  const judge = () => {
    const computed = (field: ReadField) => rules.fields.find(({ id }) => id === field.id)?.reads !== undefined;
    return typing?.checks?.(
      Object.fromEntries(form.fields.map((field) => [field.key, (computed(field) ? found.known : values)[field.key]])),
    );
  };
  if (!hasRules(rules)) {
    let byId: RuleValues | undefined;
    if (typing) found = knownComputed(form.fields, { ...typing, values });
    const holds = (filter: Filter | undefined) => {
      byId ??= compute(new Set());
      return !filter || layoutHolds(rules, byId, filter, env);
    };
    return { stateOf: () => undefined, errors: () => [], narrowed: (field) => field, holds, computed: found.live };
  }
  const byId = settledValues(rules, env, compute);
  const states = fieldStates(rules, byId, env);
  return {
    stateOf: (field) => states.get(field.id),
    errors: (failed) => checkRules(rules, byId, env, failed, judge()).errors,
    narrowed: (field) => narrowed(field, states.get(field.id)),
    holds: (filter) => !filter || layoutHolds(rules, byId, filter, env),
    computed: found.live,
  };
}

function without(values: Values, fields: readonly ReadField[], hidden: ReadonlySet<string>): Values {
  if (hidden.size === 0) return values;
  const gone = new Set(fields.filter(({ id }) => hidden.has(id)).map(({ key }) => key));
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, gone.has(key) ? null : value]));
}

function narrowed(field: ReadField, state: FieldState | undefined): ReadField {
  if (state?.pick) return { ...field, config: { ...field.config, pick: asJson(state.pick) } };
  const { options: all } = field.config;
  const allowed = state?.options;
  if (!allowed || !Array.isArray(all)) return field;
  const chosen = all.filter((option) => allowed.includes((option as { id: string }).id));
  return { ...field, config: { ...field.config, options: chosen } };
}
