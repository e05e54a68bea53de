import { shownAs } from '../fields/derived.js';
import type { FieldTypeName } from '../fields/registry.js';
import { filterKindOf } from '../filter/filter-kinds.js';
import type { FormulaFault } from './faults.js';
import { type FormulaType, type Kind, listOf, single } from './types.js';

/** A field as formulas see it; published and drafted fields fit alike. */
export interface FormulaField {
  id: string;
  key: string;
  name: string;
  type: FieldTypeName;
  config: Readonly<Record<string, unknown>>;
  /** What is stored encrypted would be told by what is computed from it: formulas cannot read it. */
  encrypted?: boolean | undefined;
}

export interface FormulaForm {
  id: string;
  name: string;
  /** Id of the field that stands for a record. */
  titleField?: string | undefined;
  fields: readonly FormulaField[];
}

/** Every form that a formula may reach. */
export interface FormulaWorld {
  forms: readonly FormulaForm[];
}

/** One step of a path: to the one record a relation names, or to the many whose relation points here. */
export interface Hop {
  kind: 'one' | 'many';
  /** Id of the relation field: of the form left for `one`, of the form reached for `many`. */
  relation: string;
  to: FormulaForm;
}

/** A reference made sense of. */
export interface Resolved {
  /** Its segments as ids: how the formula is stored. */
  ids: readonly string[];
  /** Its segments as people read them. */
  names: readonly string[];
  hops: readonly Hop[];
  form: FormulaForm;
  /** Absent when the path ends at records whose form has no title. */
  field: FormulaField | undefined;
  type: FormulaType;
  /** Ends at a record: its value is the record's title. */
  record: boolean;
}

export type Resolution = { ok: true; value: Resolved } | { ok: false; fault: Omit<FormulaFault, 'at'> };

/** Most relations in a row. */
export const maxHops = 3;

const manyMark = '<';

/** The kind of a field's values; undefined for what formulas cannot read (files, places, signatures). */
export function kindOfField(field: Pick<FormulaField, 'type' | 'config' | 'encrypted'>): FormulaType | undefined {
  if (field.encrypted) return undefined;
  const shown = shownAs(field);
  switch (filterKindOf(shown.type).storage) {
    case 'numeric':
      return single('number');
    case 'date':
      return single('date');
    case 'timestamptz':
      return single('datetime');
    case 'boolean':
      return single('boolean');
    case 'text':
      return single('text');
    case 'text[]':
      return listOf('text');
    case 'uuid':
      return ['member', 'department', 'relation'].includes(shown.type) ? single('text') : undefined;
    case 'uuid[]':
      return people.has(shown.type) ? listOf('text') : undefined;
    case 'jsonb':
      return shown.type === 'address' ? single('text') : undefined;
  }
}

const people = new Set<string>(['members', 'departments']);

/** Id of the form a single relation leads to. */
export function targetOf(field: Pick<FormulaField, 'type' | 'config'>): string | undefined {
  return field.type === 'relation' && typeof field.config.formId === 'string' ? field.config.formId : undefined;
}

/** The step from a record to the rows of one of its subforms. */
function rowsOf(world: FormulaWorld, field: FormulaField): Hop | undefined {
  if (field.type !== 'subform') return undefined;
  const to = world.forms.find((form) => form.id === subformId(field));
  return to && { kind: 'many', relation: subformRelation(field), to };
}

/** Id of the form of a subform's rows; a draft that was never published has one for the time being. */
function subformId({ id, config }: Pick<FormulaField, 'id' | 'config'>): string {
  return typeof config.formId === 'string' ? config.formId : `rows:${id}`;
}

function subformRelation({ id, config }: Pick<FormulaField, 'id' | 'config'>): string {
  return typeof config.parentField === 'string' ? config.parentField : `parent:${id}`;
}

/** The rows of a form's subforms as forms of their own, each with a relation to the record the rows belong to. */
export function subformsOf(form: FormulaForm): FormulaForm[] {
  return form.fields.flatMap((field): FormulaForm[] => {
    if (field.type !== 'subform') return [];
    const inner = (field.config.fields ?? []) as (Omit<FormulaField, 'id' | 'key'> & { id?: string; key?: string })[];
    const parent: FormulaField = {
      id: subformRelation(field),
      key: 'parent',
      name: form.name,
      type: 'relation',
      config: { formId: form.id, reverseLabel: field.name },
    };
    const fields = inner.map((item) => ({
      ...item,
      id: item.id ?? item.key ?? item.name,
      key: item.key ?? item.name,
      config: item.config ?? {},
    }));
    const title = fields.find((item) => item.type === 'text');
    return [{ id: subformId(field), name: field.name, titleField: title?.id, fields: [...fields, parent] }];
  });
}

/** Forms whose relation points at `formId`, as formulas name them. */
export function childrenOf(
  world: FormulaWorld,
  formId: string,
): { form: FormulaForm; relation: FormulaField; name: string }[] {
  const found = world.forms.flatMap((form) =>
    form.fields.flatMap((relation) => {
      if (targetOf(relation) !== formId) return [];
      const label = relation.config.reverseLabel;
      return [{ form, relation, name: typeof label === 'string' && label.trim() !== '' ? label.trim() : form.name }];
    }),
  );
  const repeated = (name: string) => found.filter((item) => item.name === name).length > 1;
  return found.map((item) => (repeated(item.name) ? { ...item, name: `${item.name}(${item.relation.name})` } : item));
}

/** Follows a reference from `formId`, its segments being ids, names or keys. */
export function resolveRef(world: FormulaWorld, formId: string, path: readonly string[]): Resolution {
  const refuse = (code: FormulaFault['code'], params: Record<string, string | number>): Resolution => ({
    ok: false,
    fault: { code, params },
  });
  let form = world.forms.find((item) => item.id === formId);
  const ids: string[] = [];
  const names: string[] = [];
  const hops: Hop[] = [];
  if (path.length > maxHops + 1) return refuse('path_too_long', { max: maxHops });
  for (const [index, segment] of path.entries()) {
    if (!form) break;
    const last = index === path.length - 1;
    const field = findField(form, segment);
    const target = field && targetOf(field);
    const rows = field && rowsOf(world, field);
    if (field && rows) {
      ids.push(`${manyMark}${rows.relation}`);
      names.push(field.name);
      form = rows.to;
      hops.push(rows);
      if (last) return recordEnd(form, ids, names, hops);
      continue;
    }
    if (field) {
      ids.push(field.id);
      names.push(field.name);
    }
    if (field && last && target === undefined) return ended(field, form, ids, names, hops);
    if (field && target === undefined) return refuse('not_a_relation', { name: field.name });
    const step = field
      ? { kind: 'one' as const, relation: field.id, to: world.forms.find((item) => item.id === target) }
      : childStep(world, form.id, segment, ids, names);
    if (step === 'ambiguous') return refuse('ambiguous_field', { name: segment });
    if (!step?.to) return refuse('unknown_field', { name: segment });
    form = step.to;
    hops.push({ ...step, to: form });
    if (hops.length > maxHops) return refuse('path_too_long', { max: maxHops });
    if (last) return recordEnd(form, ids, names, hops);
  }
  return refuse('unknown_field', { name: path.join('.') });
}

function findField(form: FormulaForm, segment: string): FormulaField | undefined {
  return (
    form.fields.find((field) => field.id === segment) ??
    form.fields.find((field) => field.name === segment) ??
    form.fields.find((field) => field.key === segment)
  );
}

function childStep(world: FormulaWorld, formId: string, segment: string, ids: string[], names: string[]) {
  const children = childrenOf(world, formId);
  const byId = children.filter((child) => segment === `${manyMark}${child.relation.id}`);
  const found = byId.length > 0 ? byId : children.filter((child) => child.name === segment);
  const [child] = found;
  if (!child) return children.some((item) => item.form.name === segment) ? ('ambiguous' as const) : undefined;
  ids.push(`${manyMark}${child.relation.id}`);
  names.push(child.name);
  return { kind: 'many' as const, relation: child.relation.id, to: child.form };
}

function ended(field: FormulaField, form: FormulaForm, ids: string[], names: string[], hops: Hop[]): Resolution {
  const type = kindOfField(field);
  if (!type)
    return {
      ok: false,
      fault: {
        code: 'field_unusable',
        params: { name: field.name, type: field.encrypted ? '加密存储' : `@field:${field.type}` },
      },
    };
  return { ok: true, value: { ids, names, hops, form, field, type: spread(type, hops), record: false } };
}

/** `{客户}` and `{合同}` are the titles of the records. */
function recordEnd(form: FormulaForm, ids: string[], names: string[], hops: Hop[]): Resolution {
  const field = form.fields.find((item) => item.id === form.titleField);
  return { ok: true, value: { ids, names, hops, form, field, type: spread(single('text'), hops), record: true } };
}

/** Over many records everything is a list; lists within flow together. */
function spread(type: FormulaType, hops: readonly Hop[]): FormulaType {
  return hops.some((hop) => hop.kind === 'many') ? listOf(type.kind as Kind) : type;
}
