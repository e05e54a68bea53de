import { rolePermissions } from '@lianke/shared/org/api';
import { describe, expect, it } from 'vitest';
import {
  denyOf,
  grantOf,
  maskOf,
  noGrant,
  rightOf,
  toggleAction,
  usualMask,
  withDeny,
  withGrant,
  withMask,
  withRight,
} from './grants.js';

const field = { id: 'f_0123456789', key: 'cost' };

describe('grants', () => {
  it('brings 查看 along with any action and takes everything away with it', () => {
    const grant = toggleAction(noGrant, 'edit', true);
    expect(grant.actions).toEqual(['view', 'edit']);
    expect(toggleAction(grant, 'view', false).actions).toEqual([]);
    expect(toggleAction(grant, 'edit', false).actions).toEqual(['view']);
  });

  it('leaves a form without actions out of the role', () => {
    const role = withGrant(rolePermissions.parse({}), 'form', toggleAction(noGrant, 'view', true));
    expect(grantOf(role, 'form').actions).toEqual(['view']);
    expect(withGrant(role, 'form', noGrant).forms).toEqual({});
  });

  it('reads a right by id or key and writes it by id', () => {
    const grant = { ...noGrant, fields: { cost: 'read' as const } };
    expect(rightOf(grant, field)).toBe('read');
    expect(withRight(grant, field, 'hidden').fields).toEqual({ f_0123456789: 'hidden' });
    expect(withRight(grant, field, 'write').fields).toEqual({});
  });

  it('gives looks behind masks with the first masked field, and keeps what was set', () => {
    const masked = withRight(noGrant, field, 'masked');
    expect(masked.unmask).toBe(20);
    expect(withRight({ ...noGrant, unmask: 3 }, field, 'masked').unmask).toBe(3);
    const { unmask: _, ...none } = masked;
    expect(withRight(none, { id: 'f_other00000', key: 'other' }, 'masked').unmask).toBeUndefined();
  });

  it('confines a mask to rows by the field’s id, and drops that with the mask', () => {
    const masked = withRight({ ...noGrant, masks: { cost: usualMask } }, field, 'masked');
    expect(maskOf(masked, field)).toEqual(usualMask);
    const read = { ...usualMask, otherwise: 'read' as const };
    const confined = withMask(masked, field, read);
    expect(confined.masks).toEqual({ f_0123456789: read });
    expect(withMask(confined, field, undefined)).not.toHaveProperty('masks');
    expect(withRight(confined, field, 'write')).not.toHaveProperty('masks');
  });

  it('keeps the condition of a prohibition, and nothing that says nothing', () => {
    const deny = { actions: [], fields: { f_0123456789: 'masked' as const }, masks: { f_0123456789: usualMask } };
    expect(denyOf(withDeny(noGrant, deny)).masks).toEqual(deny.masks);
    expect(denyOf(withDeny(noGrant, { ...deny, masks: {} }))).not.toHaveProperty('masks');
  });
});
