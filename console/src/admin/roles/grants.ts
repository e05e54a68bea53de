import { type FormAction, formActions } from '@lianke/shared/forms/definition';
import type { FieldRight, FormDeny, FormGrant, MaskRule, RolePermissions } from '@lianke/shared/org/api';

/** No right at all: the form is not seen. */
export const noGrant: FormGrant = { actions: [], scope: 'own', fields: {} };

/** What a role may do with a form: what it says of it, else of forms it does not name. */
export function grantOf(permissions: RolePermissions, formId: string): FormGrant {
  return permissions.forms[formId] ?? permissions.forms['*'] ?? noGrant;
}

/** Whether the grant forbids anything: it says something even when it allows nothing. */
export function forbids({ deny }: FormGrant): boolean {
  return Boolean(deny && (deny.actions.length > 0 || deny.filter || Object.keys(deny.fields).length > 0));
}

/** The permissions with another grant for one form; an empty one is left out. */
export function withGrant(permissions: RolePermissions, formId: string, grant: FormGrant): RolePermissions {
  const forms = { ...permissions.forms };
  // Where the role has rights in forms it does not name, taking all away has to be said.
  if (grant.actions.length === 0 && !forbids(grant) && !forms['*']) delete forms[formId];
  else forms[formId] = grant;
  return { ...permissions, forms };
}

/** Everything needs 查看: another action brings it along, without it nothing is left. */
export function toggleAction(grant: FormGrant, action: FormAction, on: boolean): FormGrant {
  const actions = new Set(grant.actions);
  if (on) {
    actions.add(action);
    actions.add('view');
  } else if (action === 'view') actions.clear();
  else actions.delete(action);
  return { ...grant, actions: formActions.filter((item) => actions.has(item)) };
}

/** A field's right by id or key; fields not named may be written. */
export function rightOf(grant: FormGrant, field: { id: string; key: string }): FieldRight {
  return grant.fields[field.id] ?? grant.fields[field.key] ?? 'write';
}

/** Looks behind masks that a role gets with its first masked field. */
export const usualUnmask = 20;

/** The grant with another right for one field, named by its id from now on. */
export function withRight(grant: FormGrant, field: { id: string; key: string }, right: FieldRight): FormGrant {
  const fields = without(grant.fields, field);
  if (right !== 'write') fields[field.id] = right;
  const first = right === 'masked' && !Object.values(grant.fields).includes('masked');
  const unmask = first && grant.unmask === undefined ? { unmask: usualUnmask } : {};
  const next = { ...grant, ...unmask, fields };
  return right === 'masked' ? next : withMask(next, field, undefined);
}

function without<Item>(
  named: Readonly<Record<string, Item>>,
  field: { id: string; key: string },
): Record<string, Item> {
  return Object.fromEntries(Object.entries(named).filter(([ref]) => ref !== field.id && ref !== field.key));
}

interface Masking {
  masks?: Record<string, unknown> | undefined;
}
type RuleOf<Holder extends Masking> = NonNullable<Holder['masks']>[string];

/** The rows to which the field's mask is confined; undefined: it is masked in all. */
export function maskOf<Holder extends Masking>(
  holder: Holder,
  field: { id: string; key: string },
): RuleOf<Holder> | undefined {
  return (holder.masks?.[field.id] ?? holder.masks?.[field.key]) as RuleOf<Holder> | undefined;
}

/** The grant, or what it forbids, with another confinement of one field's mask. */
export function withMask<Holder extends Masking>(
  holder: Holder,
  field: { id: string; key: string },
  rule: RuleOf<Holder> | undefined,
): Holder {
  const { masks = {}, ...rest } = holder;
  const next = { ...without(masks, field), ...(rule ? { [field.id]: rule } : {}) };
  return (Object.keys(next).length > 0 ? { ...rest, masks: next } : rest) as Holder;
}

/** A mask that holds in some rows, as it is first set up: nobody owns the record. */
export const usualMask: MaskRule = { when: { field: 'owner', op: 'empty' }, otherwise: 'write' };

/** What the grant forbids; nothing when it says nothing. */
export function denyOf(grant: FormGrant): FormDeny {
  return grant.deny ?? { actions: [], fields: {} };
}

/** The grant with other prohibitions. */
export function withDeny(grant: FormGrant, { masks, ...deny }: FormDeny): FormGrant {
  const said = masks && Object.keys(masks).length > 0 ? { ...deny, masks } : deny;
  return withoutBlanks({ ...grant, deny: said });
}

/** Parts that say nothing are left out, so that equal grants look equal. */
export function withoutBlanks(
  grant: Omit<FormGrant, 'filter'> & { filter?: FormGrant['filter'] | undefined },
): FormGrant {
  const { filter, involved, inherit, unmask, deny, ...rest } = grant;
  const next: FormGrant = {
    ...rest,
    ...(filter ? { filter } : {}),
    ...(involved ? { involved } : {}),
    ...(inherit && inherit.length > 0 ? { inherit } : {}),
    ...(unmask ? { unmask } : {}),
  };
  return deny && forbids({ ...next, deny }) ? { ...next, deny } : next;
}

/** How many things the grant adds to its scope or forbids: shown on its button. */
export function extrasOf(grant: FormGrant): number {
  const deny = denyOf(grant);
  const rows = grant.actions.length > 0 && grant.scope !== 'all';
  const more = rows ? [grant.involved, grant.filter, ...(grant.inherit ?? [])].filter(Boolean).length : 0;
  return more + deny.actions.length + Object.keys(deny.fields).length + (deny.filter ? 1 : 0);
}
