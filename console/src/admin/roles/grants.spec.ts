import { rolePermissions } from '@lianke/shared/org/api';
import { describe, expect, it } from 'vitest';
import { grantOf, noGrant, rightOf, toggleAction, withGrant, withRight } from './grants.js';

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
});
