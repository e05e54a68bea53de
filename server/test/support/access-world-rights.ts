import type { Filter } from '@lianke/shared/filter/ast';
import type { FormAction, FormView } from '@lianke/shared/forms/definition';
import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import type { FieldRight, FormDeny, FormGrant, MaskRule } from '@lianke/shared/org/api';
import { bumpAccess } from '../../src/engine/versions.js';
import { Database } from '../../src/kernel/database/database.js';
import { uuid7 } from '../../src/kernel/ids/uuid7.js';
import type { Oracle } from './access-oracle.js';
import type { AccessWorld } from './access-world.js';
import type { Pool } from './oracle-rights.js';

export const grades = ['A', 'B', 'C'];
const actions: readonly FormAction[] = ['view', 'create', 'edit', 'delete', 'export', 'share'];

/** A role's rights in a form, thrown. */
export function thrownGrant(world: AccessWorld, form: FormView): Partial<FormGrant> {
  const relations = form.fields.filter((field) => field.type === 'relation').map((field) => field.id);
  const fields = fieldRights(world, form, 0.3, ['read', 'masked', 'masked', 'hidden']);
  return {
    actions: actions.filter((action) => world.dice.chance(action === 'view' ? 0.85 : 0.5)),
    scope: world.dice.pick(['all', 'departmentAndBelow', 'department', 'own', 'own', 'none', 'none'] as const),
    ...(world.dice.chance(0.25) ? { involved: true } : {}),
    ...(relations.length > 0 && world.dice.chance(0.4) ? { inherit: relations } : {}),
    ...(world.dice.chance(0.3) ? { filter: ruleFilter(world, form) } : {}),
    fields,
    masks: masksOf(world, form, fields),
    ...(world.dice.chance(0.2) ? { deny: thrownDeny(world, form) } : {}),
  };
}

function thrownDeny(world: AccessWorld, form: FormView): FormDeny {
  const fields = fieldRights(world, form, 0.12, ['read', 'masked', 'hidden']) as FormDeny['fields'];
  return {
    actions: actions.filter(() => world.dice.chance(0.08)),
    ...(world.dice.chance(0.5) ? { filter: ruleFilter(world, form) } : {}),
    fields,
    masks: masksOf(world, form, fields),
  };
}

/** Conditions for some of the masked fields. */
function masksOf(
  world: AccessWorld,
  form: FormView,
  fields: Readonly<Record<string, FieldRight>>,
): Record<string, MaskRule> {
  const masked = form.fields.filter((field) => fields[field.id] === 'masked' && world.dice.chance(0.75));
  return Object.fromEntries(
    masked.map((field) => [
      field.id,
      { when: maskWhen(world), otherwise: world.dice.pick(['write', 'read'] as const) },
    ]),
  );
}

function maskWhen(world: AccessWorld): Filter {
  const leaf = () =>
    world.dice.pick<Filter>([
      ...ownConditions(world),
      { field: 'grade', op: 'ne', value: world.dice.pick(grades) },
      { field: 'owner', op: 'ne', value: { me: true } as never },
      { not: { field: 'name', op: 'contains', value: String(world.dice.int(10)) } },
    ]);
  return world.dice.chance(0.25) ? { and: [leaf(), leaf()] } : leaf();
}

function fieldRights(
  world: AccessWorld,
  form: FormView,
  share: number,
  rights: readonly FieldRight[],
): Record<string, FieldRight> {
  const able = form.fields.filter((field) => !field.system || field.key === 'owner');
  return Object.fromEntries(
    able.filter(() => world.dice.chance(share)).map((field) => [field.id as string, world.dice.pick(rights)]),
  );
}

function ownConditions(world: AccessWorld): Filter[] {
  return [
    { field: 'grade', op: 'eq', value: world.dice.pick(grades) },
    { field: 'amount', op: 'gte', value: String(world.dice.int(8) * 100) },
    { field: 'helper', op: 'eq', value: { me: true } as never },
  ];
}

function ruleFilter(world: AccessWorld, form: FormView): Filter {
  const own = ownConditions(world);
  const path: Filter = { field: 'customer.grade', op: 'eq', value: world.dice.pick(grades) };
  return form.fields.some((field) => field.key === 'customer') && world.dice.chance(0.3) ? path : world.dice.pick(own);
}

/** Shares of some records, written; those that still hold. */
export async function throwShares(world: AccessWorld): Promise<Oracle['rights']['shares']> {
  const forms = world.need();
  const now = new Date('2026-03-04T02:00:00Z').getTime();
  const shares: Oracle['rights']['shares'] = [];
  for (const key of ['customer', 'visit'] as const)
    for (const row of world.oracle.forms[key].rows)
      if (world.dice.chance(0.08))
        shares.push({
          id: uuid7(),
          formId: forms[key].id,
          recordId: row.id,
          to: world.dice.pick<string>([...world.members, ...world.departments, ...world.roles]),
          level: world.dice.chance(0.5) ? 'write' : 'read',
          expires: world.dice.chance(0.3) ? now + (world.dice.chance(0.5) ? -1 : 1) * 86_400_000 : null,
        });
  await world.engine.get(Database).withTenant({ tenantId: world.tenant.id }, async (tx) => {
    await tx.run('DELETE FROM lianke.record_share');
    for (const share of shares)
      await tx.run(
        `INSERT INTO lianke.record_share (tenant_id, id, form_id, record_id, principal_kind, principal_id, level, expires_at, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          world.tenant.id,
          share.id,
          share.formId,
          share.recordId,
          kindOf(world, share.to),
          share.to,
          share.level,
          share.expires === null ? null : new Date(share.expires),
          world.tenant.admin,
          new Date(now),
        ],
      );
    await bumpAccess(tx, world.tenant.id);
  });
  return shares.filter((share) => share.expires === null || share.expires > now);
}

/** Pools of the forms, written. */
export async function throwPools(world: AccessWorld): Promise<Oracle['rights']['pools']> {
  const forms = world.need();
  const people = (): string[] =>
    Array.from({ length: world.dice.int(3) }, () =>
      world.dice.pick<string>([...world.members, ...world.departments, ...world.roles]),
    );
  const pools: Oracle['rights']['pools'] = {};
  for (const key of ['customer', 'visit'] as const) {
    if (world.dice.chance(0.4)) continue;
    const open = forms[key].fields.filter((field) => !field.system && world.dice.chance(0.6));
    const fields = open.map((field) => [
      field.id,
      ['name', 'phone'].includes(field.key) && world.dice.chance(0.4) ? ('masked' as const) : ('read' as const),
    ]);
    const pool: Pool = {
      claimers: world.dice.chance(0.6) ? null : people(),
      managers: people(),
      fields: world.dice.chance(0.75) ? Object.fromEntries(fields) : null,
    };
    pools[key] = pool;
  }
  const named = (ids: string[]) => ids.map((id) => ({ kind: kindOf(world, id), id }));
  await world.engine.get(Database).withTenant({ tenantId: world.tenant.id }, async (tx) => {
    await tx.run('DELETE FROM lianke.pool');
    for (const [key, { claimers, managers, fields }] of Object.entries(pools))
      await tx.run('INSERT INTO lianke.pool (tenant_id, form_id, settings) VALUES ($1, $2, $3)', [
        world.tenant.id,
        forms[key as 'customer' | 'visit'].id,
        JSON.stringify({ on: true, claimers: claimers && named(claimers), managers: named(managers), fields }),
      ]);
    await bumpAccess(tx, world.tenant.id);
  });
  return pools;
}

function kindOf(world: AccessWorld, id: string): 'member' | 'department' | 'role' {
  if (world.members.includes(id as MemberId)) return 'member';
  return world.departments.includes(id as DepartmentId) ? 'department' : 'role';
}
