import type { FieldError } from '@lianke/shared/errors/codes';
import type { SubformRow } from '@lianke/shared/fields/subform/value';
import { alone, momentAs } from '@lianke/shared/forms/presets';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { asJson, type Json } from '@lianke/shared/json';
import { isRowsState } from '@lianke/shared/records/rows';
import type { FormAccess } from '../../access/form-access.js';
import { memberOf, type TenantContext } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { Org } from '../../org/org-directory.js';
import type { StoredValues, WriteRow } from '../contracts.js';

/** One row on its way through the write path. `values` are canonical, by field id, only those the row sets. */
export interface PreparedRow {
  index: number;
  id: RecordId;
  clientId: boolean;
  values: StoredValues;
  /** The values its sender named himself: a repeat is known by them, not by numbers and defaults filled in since. */
  given: StoredValues;
  version?: number;
  errors: FieldError[];
  /** Rows it brings for its subforms, by field id; `subforms.ts` makes values of them. */
  subforms?: Map<string, PreparedRow[]>;
}

const nobody = '00000000-0000-0000-0000-000000000000';

export interface PrepareEnv {
  ctx: TenantContext;
  form: FormMeta;
  access: FormAccess;
  accessOf(form: FormMeta): FormAccess;
  org: Org;
  now: Date;
  trusted: boolean;
  ownedBy?: MemberId | undefined;
}

/**
 * Checks every value of a row by its field's type and the writer's rights; the form's rules follow (`rules.ts`).
 * @param newId given when the row is created: makes its id unless it brings one
 */
export function prepareRow(
  env: PrepareEnv,
  row: WriteRow,
  index: number,
  newId: (() => RecordId) | undefined,
): PreparedRow {
  const creating = newId !== undefined;
  const prepared: PreparedRow = {
    index,
    // An update without an id meets no record.
    id: row.id ?? newId?.() ?? (nobody as RecordId),
    clientId: row.id !== undefined,
    values: {},
    given: {},
    errors: [],
    ...(row.version === undefined ? {} : { version: row.version }),
  };
  const given = row.values ?? {};
  for (const ref of Object.keys(given)) takeValue(env, prepared, ref, given[ref] ?? null);
  prepared.given = { ...prepared.values };
  if (creating) fillDefaults(env, prepared);
  deriveDepartment(env, prepared);
  return prepared;
}

function takeValue(env: PrepareEnv, row: PreparedRow, ref: string, raw: Json): void {
  const field = env.form.field(ref);
  if (!field || !env.access.mayRead(field)) {
    row.errors.push({ field: ref, code: 'unknown_field' });
    return;
  }
  if (field.derived || (!field.writable && !env.trusted)) {
    row.errors.push({ field: field.key, code: 'system_kept' });
    return;
  }
  if (!env.access.mayWrite(field)) {
    row.errors.push({ field: field.key, code: 'not_writable' });
    return;
  }
  if (field.part && env.ctx.cause.door === 'undo' && isRowsState(raw)) {
    row.values[field.id] = asJson(raw);
    return;
  }
  const parsed = field.type.parse(raw, field.config);
  if (!parsed.ok) {
    row.errors.push({ field: field.key, code: parsed.code, ...(parsed.params ? { params: parsed.params } : {}) });
    return;
  }
  if (field.part) {
    row.values[field.id] = parsed.value;
    row.subforms ??= new Map();
    row.subforms.set(field.id, takeRows(env, field.part, (parsed.value ?? []) as SubformRow[]));
    return;
  }
  const problem = parsed.value === null ? undefined : personError(env.org, field, parsed.value);
  if (problem) row.errors.push(problem);
  else row.values[field.id] = parsed.value;
}

/** Checks the values of a subform's rows as those of records; what is computed may stand in them, as it was read. */
function takeRows(env: PrepareEnv, part: FormMeta, rows: readonly SubformRow[]): PreparedRow[] {
  const within = { ...env, form: part, access: env.accessOf(part) };
  return rows.map(({ id, values }, index) => {
    const given = Object.fromEntries(Object.entries(values).filter(([ref]) => !part.field(ref)?.derived));
    return prepareRow(within, { ...(id === undefined ? {} : { id: id as RecordId }), values: given }, index, undefined);
  });
}

/** Members and departments are checked against the organisation in memory. People who left stay on old records only. */
function personError(org: Org, field: FieldMeta, value: Json): FieldError | undefined {
  const { refers } = field.type;
  if (refers !== 'member' && refers !== 'department') return undefined;
  const known: ReadonlyMap<string, unknown> = refers === 'member' ? org.members : org.departments;
  const missing = (Array.isArray(value) ? value : [value]).some((id) => !known.has(String(id)));
  return missing
    ? { field: field.key, code: refers === 'member' ? 'no_such_member' : 'no_such_department' }
    : undefined;
}

export function fillDefaults(env: PrepareEnv, row: PreparedRow): void {
  const me = memberOf(env.ctx);
  const myDepartment = me ? (env.org.members.get(me)?.mainDepartmentId ?? null) : null;
  for (const field of env.form.fields) {
    if (field.id in row.values || field.system || field.derived) continue;
    const value = defaultOf(field, me, myDepartment, env);
    if (value === null) continue;
    const parsed = field.type.parse(value, field.config);
    if (parsed.ok && parsed.value !== null) row.values[field.id] = parsed.value;
  }
  if (!('owner' in row.values)) row.values.owner = env.ownedBy ?? me;
}

function defaultOf(field: FieldMeta, me: string | null, myDepartment: string | null, env: PrepareEnv): Json {
  const config = field.config as { default?: string };
  if (field.typeName === 'member' && config.default === 'me') return me;
  if (field.typeName === 'department' && config.default === 'mine') return myDepartment;
  switch (field.def.default?.kind) {
    case 'literal':
      return field.def.default.value as Json;
    case 'me':
      return me === null ? null : alone(field.typeName, me);
    case 'myDepartment':
      return myDepartment === null ? null : alone(field.typeName, myDepartment);
    case 'now':
      return momentAs(field.typeName, env.ctx.timeZone, env.now);
    default:
      return null;
  }
}

/** A record belongs to its owner's main department. */
function deriveDepartment(env: PrepareEnv, row: PreparedRow): void {
  if (!('owner' in row.values) || 'department' in row.values) return;
  const owner = row.values.owner as string | null;
  row.values.department = owner ? (env.org.members.get(owner as never)?.mainDepartmentId ?? null) : null;
}
