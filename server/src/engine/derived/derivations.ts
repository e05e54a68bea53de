import { lookupConfig } from '@lianke/shared/fields/lookup/schema';
import { rollupConfig } from '@lianke/shared/fields/rollup/schema';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { compile } from '@lianke/shared/formulas/compile';
import type { FormulaWorld, Resolved } from '@lianke/shared/formulas/world';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Derivation, Input, Rule, Step } from './derivation.js';
import { worldOf } from './world.js';

/** Every derived field of a tenant, compiled once a schema version, each form's in the order they are computed in. */
export class Derivations {
  private readonly byForm = new Map<string, Derivation[]>();
  private readonly byField = new Map<string, Derivation>();

  constructor(forms: TenantForms) {
    const world = worldOf(forms.all);
    for (const form of forms.all) {
      const found = form.fields.flatMap((field) => derivationOf(forms, world, form, field) ?? []);
      if (found.length > 0) this.byForm.set(form.id, ordered(found));
    }
    for (const derivation of this.all) this.byField.set(`${derivation.form.id}/${derivation.field.id}`, derivation);
  }

  get all(): readonly Derivation[] {
    return [...this.byForm.values()].flat();
  }

  ofForm(formId: string): readonly Derivation[] {
    return this.byForm.get(formId) ?? [];
  }

  get(formId: string, fieldId: string): Derivation | undefined {
    return this.byField.get(`${formId}/${fieldId}`);
  }

  /** The named derived fields of a form and what they follow from in the same row, in computing order. */
  needed(formId: string, fieldIds: Iterable<string>): Derivation[] {
    const wanted = new Set(fieldIds);
    const found: Derivation[] = [];
    for (const derivation of [...this.ofForm(formId)].reverse()) {
      if (!wanted.has(derivation.field.id)) continue;
      found.unshift(derivation);
      for (const input of derivation.inputs) if (input.steps.length === 0 && input.field) wanted.add(input.field.id);
    }
    return found;
  }

  /** The named fields of a form and what follows from them in the same row, in computing order. */
  closure(formId: string, fieldIds: ReadonlySet<string>): Derivation[] {
    const wanted = new Set(fieldIds);
    return this.ofForm(formId).filter((derivation) => {
      const follows = derivation.inputs.some(
        (input) => input.steps.length === 0 && input.field && wanted.has(input.field.id),
      );
      if (follows) wanted.add(derivation.field.id);
      return wanted.has(derivation.field.id);
    });
  }
}

const compiled = new WeakMap<TenantForms, Derivations>();

/** Derived fields of these forms; kept as long as the forms are. */
export function derivationsOf(forms: TenantForms): Derivations {
  let found = compiled.get(forms);
  if (!found) {
    found = new Derivations(forms);
    compiled.set(forms, found);
  }
  return found;
}

/** Undefined for fields that are not derived, and for those that cannot be computed any more. */
function derivationOf(
  forms: TenantForms,
  world: FormulaWorld,
  form: FormMeta,
  field: FieldMeta,
): Derivation | undefined {
  const found = ruleOf(forms, world, form, field);
  return found && { form, field, visible: field.def.config.visible === true, ...found };
}

type Found = Pick<Derivation, 'rule' | 'inputs' | 'volatile'>;

function ruleOf(forms: TenantForms, world: FormulaWorld, form: FormMeta, field: FieldMeta): Found | undefined {
  if (field.typeName === 'lastContact' && !field.derived) return lastContact(forms, form, field);
  switch (field.derived) {
    case 'formula':
      return formula(forms, world, form, String(field.def.config.expression ?? ''));
    case 'lookup':
      return lookup(forms, form, field);
    case 'rollup':
      return rollup(forms, form, field);
    default:
      return undefined;
  }
}

function formula(forms: TenantForms, world: FormulaWorld, form: FormMeta, expression: string): Found | undefined {
  const done = compile(expression, world, form.id);
  if (!done.ok) return undefined;
  const inputs = new Map<string, Input>();
  for (const [key, ref] of done.formula.refs) {
    const input = inputOf(forms, form, ref);
    if (!input) return undefined;
    inputs.set(key, input);
  }
  const rule: Rule = { kind: 'formula', formula: done.formula, inputs };
  return { rule, inputs: [...inputs.values()], volatile: done.formula.volatile };
}

/** A resolved reference in terms of fields with columns. */
export function inputOf(forms: TenantForms, form: FormMeta, ref: Resolved): Input | undefined {
  const steps: Step[] = [];
  let at = form;
  for (const hop of ref.hops) {
    const to = forms.get(hop.to.id);
    const relation = (hop.kind === 'one' ? at : to)?.field(hop.relation);
    if (!to || !relation) return undefined;
    steps.push({ kind: hop.kind, relation, from: at, to });
    at = to;
  }
  return { steps, form: at, field: ref.field && at.field(ref.field.id) };
}

function lookup(forms: TenantForms, form: FormMeta, field: FieldMeta): Found | undefined {
  const config = lookupConfig.parse(field.def.config);
  const relation = form.field(config.relation);
  const to = relation && forms.get((relation.config as { formId: string }).formId);
  const source = to?.field(config.field);
  if (!relation || !to || !source) return undefined;
  const input: Input = { steps: [{ kind: 'one', relation, from: form, to }], form: to, field: source };
  return { rule: { kind: 'lookup', input }, inputs: [input], volatile: false };
}

function rollup(forms: TenantForms, form: FormMeta, field: FieldMeta): Found | undefined {
  const {
    formId,
    relation: relationId,
    fn,
    field: source,
    filter,
    separator,
    decimals,
  } = rollupConfig.parse(field.def.config);
  const to = forms.get(formId);
  const relation = to?.field(relationId);
  const added = source === undefined ? undefined : to?.field(source);
  if (!to || !relation || (fn !== 'count' && !added)) return undefined;
  const step: Step = { kind: 'many', relation, from: form, to };
  const read = [added, ...(filter ? fieldsOf(filter).map((ref) => to.field(ref)) : [])].filter(
    (item) => item !== undefined,
  );
  return {
    rule: { kind: 'rollup', step, fn, field: fn === 'count' ? undefined : added, filter, separator, decimals },
    inputs: [
      { steps: [step], form: to, field: undefined },
      ...read.map((item) => ({ steps: [step], form: to, field: item })),
    ],
    volatile: filter !== undefined && isRelative(filter),
  };
}

function lastContact(forms: TenantForms, form: FormMeta, field: FieldMeta): Found {
  const { sources } = field.config as { sources: { formId: string; relation: string; time: string }[] };
  const inputs = sources.flatMap((source): Input[] => {
    const to = forms.get(source.formId);
    const relation = to?.field(source.relation);
    const time = to?.field(source.time);
    return to && relation && time
      ? [{ steps: [{ kind: 'many', relation, from: form, to }], form: to, field: time }]
      : [];
  });
  return { rule: { kind: 'lastContact' }, inputs, volatile: false };
}

/** True for filters whose meaning moves with the days. */
function isRelative(filter: Filter): boolean {
  return JSON.stringify(filter).includes('"rel"');
}

/** Inputs before what is computed from them. Publishing refuses cycles; a leftover one keeps its own order. */
function ordered(list: readonly Derivation[]): Derivation[] {
  const byId = new Map(list.map((item) => [item.field.id as string, item]));
  const done = new Set<Derivation>();
  const visit = (item: Derivation, above: ReadonlySet<Derivation>): void => {
    if (done.has(item) || above.has(item)) return;
    const chain = new Set(above).add(item);
    for (const input of item.inputs) {
      const before = input.steps.length === 0 && input.field ? byId.get(input.field.id) : undefined;
      if (before) visit(before, chain);
    }
    done.add(item);
  };
  for (const item of list) visit(item, new Set());
  return [...done];
}
