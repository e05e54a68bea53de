import type { ExplainedRule, Explanation } from '@lianke/shared/access/api';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { StoredRecord } from '../records/contracts.js';
import { type Everything, grantRule, type HeldGrant } from './explain.service.js';
import { deniedLimits, grantedLimits, type Limits, namedRight } from './field-rights.js';
import type { FormAccess } from './form-access.js';
import { holds, type Rows, type RowValue } from './row-rights.js';

/** Whether a member sees a field as it is, or with `edit` and `create` may write it. */
export interface AskedField {
  form: FormMeta;
  field: FieldMeta;
  access: FormAccess;
  action: FormAction;
  /** Absent: in every row, so that what is masked in some of them counts as masked. */
  record: StoredRecord | undefined;
  env: FilterEnv;
}

/** The decision about a field, with every rule that carries or forbids it. */
export function explainField(
  asked: AskedField,
  grants: readonly HeldGrant[],
  { admin, design }: Everything,
): Explanation['parts'][number] {
  const { form, field } = asked;
  const final = finalOf(asked);
  const part = (allowed: boolean, rules: ExplainedRule[]) => ({
    part: 'field' as const,
    allowed,
    rules,
    ...(final.masked ? { masked: true } : {}),
  });
  const denies = grants.flatMap((held) => {
    const { deny } = held.grant;
    if (!deny || !limits(asked, deniedLimits(form, field, deny))) return [];
    return [withCondition(named(held, 'deny', 'field', field), deny.masks, field)];
  });
  const givers = giversOf(grants);
  const allows = givers
    .filter((held) => !limits(asked, grantedLimits(form, field, held.grant)))
    .map((held) => named(held, 'allow', 'field', field));
  if (admin.length > 0 && final.enough) return part(true, denies.length > 0 ? admin : [...admin, ...design, ...allows]);
  const rules = [...design, ...allows];
  const masks = givers
    .filter(
      ({ grant }) =>
        namedRight(grant.fields, field) === 'masked' && reaches(asked, grantedLimits(form, field, grant).masked),
    )
    .map((held) => withCondition(named(held, 'deny', 'mask', field), held.grant.masks, field));
  // Behind a prohibition the roles may mask it as well: taking the prohibition away would not be enough.
  if (denies.length > 0) return part(false, rules.length === 0 ? [...denies, ...masks] : denies);
  if (rules.length > 0 && final.enough) return part(true, rules);
  if (rules.length === 0) return part(false, final.masked ? masks : []);
  // Its roles would show it: what it is computed from is hidden from him.
  return part(false, [{ id: `derived:${field.id}`, effect: 'deny', kind: 'derived', role: null, detail: field.name }]);
}

/** Roles whose rights to fields count: those that let look, else those that let do anything. */
function giversOf(grants: readonly HeldGrant[]): HeldGrant[] {
  const viewing = grants.filter(({ grant }) => grant.actions.includes('view'));
  return viewing.length > 0 ? viewing : grants.filter(({ grant }) => grant.actions.length > 0);
}

function named(
  held: HeldGrant,
  effect: ExplainedRule['effect'],
  kind: 'field' | 'mask',
  field: FieldMeta,
): ExplainedRule {
  return grantRule(held, effect, kind, `${kind}:${field.id}`, field.name);
}

function withCondition(
  rule: ExplainedRule,
  masks: Readonly<Record<string, { when: NonNullable<ExplainedRule['condition']> }>> | undefined,
  field: FieldMeta,
): ExplainedRule {
  const when = namedRight(masks ?? {}, field)?.when;
  return when ? { ...rule, condition: when } : rule;
}

const writes = ({ action }: AskedField) => action === 'edit' || action === 'create';
const valueIn =
  ({ record }: AskedField): RowValue =>
  (field) =>
    record?.values[field.id] ?? null;

/** Whether this grant or prohibition alone leaves less than is asked for. */
function limits(asked: AskedField, { hidden, masked, locked }: Limits): boolean {
  return hidden || reaches(asked, writes(asked) ? locked : masked);
}

function reaches(asked: AskedField, rows: Rows): boolean {
  // What is made did not stand before.
  if (asked.action === 'create') return rows === 'all';
  return asked.record ? holds(rows, asked.form, valueIn(asked), asked.env) : rows !== 'none';
}

function finalOf(asked: AskedField): { enough: boolean; masked: boolean } {
  const { form, field, access, record, env } = asked;
  const masked = record ? access.masksIn(form, field, valueIn(asked), env) : access.right(field) === 'masked';
  if (asked.action === 'create') return { enough: access.mayWrite(field), masked };
  if (!writes(asked)) return { enough: access.mayRead(field) && !masked, masked };
  const writable = record ? !access.locksIn(form, field, valueIn(asked), env) : access.right(field) === 'write';
  return { enough: writable, masked };
}
