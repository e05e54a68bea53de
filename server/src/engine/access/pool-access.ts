import type { Filter } from '@lianke/shared/filter/ast';
import { type FormAction, formActions } from '@lianke/shared/forms/definition';
import type { FieldRight } from '@lianke/shared/org/api';
import type { PoolSettings } from '@lianke/shared/pools/api';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { names } from './app-access.js';
import { blind } from './combine-grants.js';
import { namedRight } from './field-rights.js';
import { FormAccess, type Scope } from './form-access.js';

/** Rows of a pool, for rules that take filters. */
const unowned: Filter = { field: 'owner', op: 'empty' };
/** They tell nothing of a record that nobody owns. */
const always: readonly string[] = ['owner', 'createdAt'];

/**
 * The access with the form's pool added. The pool's rows have an access of their own: whoever looks into the pool reads
 * by it in every way there is, sorting and searching too. Where the pool hides fields from him, its rows are gone from
 * his other rows: they would show there what they hide here.
 */
export function withPool(
  form: FormMeta,
  access: FormAccess,
  settings: PoolSettings | undefined,
  reader: { principals: readonly string[]; designs: boolean },
): FormAccess {
  if (!settings?.on || !access.may('view')) return access;
  const manages = reader.designs || names(settings.managers, reader.principals);
  const claims = manages || settings.claimers === null || names(settings.claimers, reader.principals);
  const own = hidesRows(settings, reader.principals, reader.designs) ? access.excepting(unowned, withRows) : access;
  if (!claims) return own;
  const rows: Scope = { cases: [{ kind: 'unowned' }], except: access.scope.except };
  const rights = new Map(form.fields.map((field) => [field.id as string, rightIn(field, access, settings, manages)]));
  const masks = form.fields.flatMap((field) => {
    const own = access.inRows(field);
    const open = rights.get(field.id) === 'masked' && !masksAll(field, settings, manages);
    return own && open ? [[field.id as string, { ...own, locked: 'all' as const }] as const] : [];
  });
  const inside = new FormAccess(new Map([['view', rows]]), rights, 0, undefined, new Map(masks));
  return own.withPool({ access: inside, manages });
}

/** Whether the pool's rows are kept from a reader's other rows. */
export function hidesRows(settings: PoolSettings, principals: readonly string[], designs: boolean): boolean {
  return settings.on && settings.fields !== null && !designs && !names(settings.managers, principals);
}

const withRows = formActions.filter((action: FormAction) => !blind.includes(action));

/** Whether the pool itself shows a field with stars. */
function masksAll(field: FieldMeta, settings: PoolSettings, manages: boolean): boolean {
  return !manages && settings.fields !== null && namedRight(settings.fields, field) === 'masked';
}

/** What he sees of a pool's field: at most what his roles show him. */
function rightIn(field: FieldMeta, access: FormAccess, settings: PoolSettings, manages: boolean): FieldRight {
  const right = access.right(field);
  const most = right === 'write' ? 'read' : right;
  if (manages || settings.fields === null || always.includes(field.id)) return most;
  const open = namedRight(settings.fields, field) ?? 'hidden';
  if (open === 'hidden' || most === 'hidden') return 'hidden';
  if (open === 'read') return most;
  return field.type.mask ? 'masked' : 'hidden';
}
