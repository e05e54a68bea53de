import type { FieldRight, FormDeny, FormGrant } from '@lianke/shared/org/api';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { among, maskedRows, type RowRight, type Rows, within } from './row-rights.js';

/** The least that a field's right is in any row, and how it differs from row to row. */
export interface CombinedRight {
  right: FieldRight;
  rows?: Omit<RowRight, 'who'>;
}

/** What a grant or a prohibition says of a field; named by id or key. */
export function namedRight<Right>(
  fields: Readonly<Record<string, Right>>,
  field: { id: string; key: string },
): Right | undefined {
  return fields[field.id] ?? fields[field.key];
}

/** Rows in which one grant or prohibition lets a field be seen with stars at most, and not be written. */
export interface Limits {
  hidden: boolean;
  masked: Rows;
  locked: Rows;
}

export function grantedLimits(form: FormMeta, field: FieldMeta, { fields, masks = {} }: FormGrant): Limits {
  const right = shownRight(field, namedRight(fields, field) ?? 'write');
  if (right !== 'masked') return constant(right);
  const rule = namedRight(masks, field);
  const masked = maskedRows(form, rule?.when);
  return { hidden: false, masked, locked: rule?.otherwise === 'read' ? 'all' : masked };
}

export function deniedLimits(form: FormMeta, field: FieldMeta, { fields, masks = {} }: FormDeny): Limits {
  const right = shownRight(field, namedRight(fields, field) ?? 'write');
  if (right !== 'masked') return constant(right);
  const masked = maskedRows(form, namedRight(masks, field)?.when);
  return { hidden: false, masked, locked: masked };
}

/** A value that has no shape with stars is not shown at all. */
function shownRight(field: FieldMeta, right: FieldRight): FieldRight {
  return right === 'masked' && !field.type.mask ? 'hidden' : right;
}

function constant(right: Exclude<FieldRight, 'masked'>): Limits {
  return {
    hidden: right === 'hidden',
    masked: right === 'hidden' ? 'all' : 'none',
    locked: right === 'write' ? 'none' : 'all',
  };
}

/**
 * All roles added up: in each row the strongest right that any of them gives, cut by what any forbids. So a field is
 * masked in the rows in which every role masks it, and in those in which one forbids to see it as it is.
 */
export function combinedRight(grants: readonly Limits[], denies: readonly Limits[]): CombinedRight {
  if (grants.every((limits) => limits.hidden) || denies.some((limits) => limits.hidden)) return { right: 'hidden' };
  const rowsOf = (key: 'masked' | 'locked') =>
    among([within(grants.map((limits) => limits[key])), ...denies.map((limits) => limits[key])]);
  const [masked, locked] = [rowsOf('masked'), rowsOf('locked')];
  if (masked === 'all') return { right: 'masked' };
  if (masked !== 'none') return { right: 'masked', rows: { masked, locked: locked === 'none' ? masked : locked } };
  if (locked === 'none') return { right: 'write' };
  return locked === 'all' ? { right: 'read' } : { right: 'read', rows: { masked, locked } };
}
