import type { FormAction, FormView } from '@lianke/shared/forms/definition';
import type { RecordId, RoleId } from '@lianke/shared/ids';
import { type FormGrant, type RolePermissions, rolePermissions } from '@lianke/shared/org/api';
import { expect } from 'vitest';
import { AccessService } from '../../src/engine/access/access.service.js';
import { ExplainService } from '../../src/engine/access/explain.service.js';
import { FormRegistry } from '../../src/engine/forms/form-registry.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { bumpAccess } from '../../src/engine/versions.js';
import { Database } from '../../src/kernel/database/database.js';
import type { AccessWorld } from './access-world.js';

/**
 * One decision with its rules: the explanation says what the engine does, and taking away the rules that carry an
 * allowed part one by one leaves it standing until the last; taking away what forbids it leaves nothing forbidding.
 * @returns how many rules were taken away
 */
export async function checkExplanation(world: AccessWorld, where: string): Promise<number> {
  const key = world.dice.chance(0.5) ? ('customer' as const) : ('visit' as const);
  const form = world.need()[key];
  const recordId = world.dice.pick(world.oracle.forms[key].rows).id as RecordId;
  const action = world.dice.pick(['view', 'view', 'edit', 'delete', 'export'] as const);
  const able = form.fields.filter((field) => !field.system);
  const field = world.dice.chance(0.5) ? world.dice.pick(able).key : undefined;
  const asked = { memberId: world.reader, formId: form.id, recordId, action, ...(field ? { field } : {}) };
  const explain = async () => world.engine.get(ExplainService).explain(await world.tenant.ctx(), asked);
  const label = `${where}: ${JSON.stringify(asked)}`;
  const before = await explain();
  expect(before.allowed, label).toBe(await decides(world, form, recordId, action, field));
  let removed = 0;
  for (const part of before.parts) {
    const held = await heldRights(world);
    for (const [at, rule] of part.rules.entries()) {
      await take(world, rule.id);
      removed++;
      const now = await explain();
      const same = now.parts.find((item) => item.part === part.part);
      // Without the right to act at all the rows are not asked any more.
      const stands = same?.allowed ?? false;
      const last = at === part.rules.length - 1;
      if (part.allowed) expect(stands, `${label} without ${rule.id}`).toBe(!last);
      else if (last)
        expect(
          (same?.rules ?? []).filter((item) => item.effect === 'deny'),
          label,
        ).toEqual([]);
      expect(now.allowed, `${label} without ${rule.id}`).toBe(await decides(world, form, recordId, action, field));
    }
    await putBack(world, held);
  }
  return removed;
}

async function decides(
  world: AccessWorld,
  form: FormView,
  recordId: RecordId,
  action: FormAction,
  fieldKey: string | undefined,
): Promise<boolean> {
  const ctx = await world.ctx();
  const reader = world.engine.get(RecordReader);
  const may = await reader.requireAction(ctx, form.id, recordId, action).then(
    () => true,
    () => false,
  );
  if (!may || fieldKey === undefined) return may;
  const access = await world.engine.get(AccessService).ofForm(ctx, form.id);
  const view = await reader.get(ctx, form.id, recordId);
  const holder = await world.engine.get(FormRegistry).form(ctx, form.id);
  const meta = holder.field(fieldKey);
  if (!meta) return false;
  if (action !== 'edit') return fieldKey in view.values && !access.masks(meta) && !view.masked?.includes(fieldKey);
  const [stored] = await world.engine
    .get(Database)
    .withTenant(ctx, (tx) => reader.stored(tx, ctx, form.id, [recordId]));
  const moment = { timeZone: ctx.timeZone, now: world.engine.kernel.clock.now() };
  return !access.locksIn(holder, meta, (other) => stored?.values[other.id] ?? null, moment);
}

async function heldRights(world: AccessWorld): Promise<Map<RoleId, RolePermissions>> {
  const rows = await world.engine
    .get(Database)
    .withTenant({ tenantId: world.tenant.id }, (tx) =>
      tx.sql<{ id: RoleId; permissions: RolePermissions }>(
        'SELECT id, permissions FROM lianke.role WHERE id = ANY($1::uuid[])',
        [world.roles],
      ),
    );
  return new Map(rows.map((row) => [row.id, rolePermissions.parse(row.permissions)]));
}

async function putBack(world: AccessWorld, held: Map<RoleId, RolePermissions>): Promise<void> {
  for (const [id, permissions] of held)
    await world.engine.get(OrgService).updateRole({ tenantId: world.tenant.id }, id, { permissions });
  await world.engine.get(Database).withTenant({ tenantId: world.tenant.id }, async (tx) => {
    await tx.run(`UPDATE lianke.record_share SET expires_at = NULL WHERE cause = 'taken'`);
    await tx.run(`UPDATE lianke.record_share SET cause = '' WHERE cause = 'taken'`);
    await tx.run(`UPDATE lianke.pool SET settings = settings || '{"on": true}'`);
    await bumpAccess(tx, world.tenant.id);
  });
}

/** Takes one rule away, by its id. */
async function take(world: AccessWorld, ruleId: string): Promise<void> {
  const [kind, id = '', ...rest] = ruleId.split(':');
  if (kind === 'pool') {
    await world.engine.get(Database).withTenant({ tenantId: world.tenant.id }, async (tx) => {
      await tx.run(`UPDATE lianke.pool SET settings = settings || '{"on": false}' WHERE form_id = $1`, [id]);
      await bumpAccess(tx, world.tenant.id);
    });
    return;
  }
  if (kind === 'share') {
    await world.engine.get(Database).withTenant({ tenantId: world.tenant.id }, async (tx) => {
      await tx.run(`UPDATE lianke.record_share SET expires_at = '2020-01-01', cause = 'taken' WHERE id = $1`, [id]);
      await bumpAccess(tx, world.tenant.id);
    });
    return;
  }
  const permissions = (await heldRights(world)).get(id as RoleId);
  if (kind !== 'role' || !permissions) throw new Error(`what is ${ruleId}?`);
  const [scope, formId = '', ...what] = rest;
  const grant = permissions.forms[formId];
  if (scope === 'design') permissions.design = false;
  else if (grant) permissions.forms[formId] = without(grant, what);
  else throw new Error(`what is ${ruleId}?`);
  await world.engine.get(OrgService).updateRole({ tenantId: world.tenant.id }, id as RoleId, { permissions });
}

function without(grant: FormGrant, [effect, name = '', what = '']: string[]): FormGrant {
  const { filter, deny, ...rest } = grant;
  const kept: FormGrant = { ...rest, ...(filter ? { filter } : {}), ...(deny ? { deny } : {}) };
  if (name === 'mask') {
    const { [what]: _, ...fields } = kept.fields;
    return { ...kept, fields };
  }
  if (effect === 'deny' && deny) {
    const { filter: except, ...others } = deny;
    const fields = Object.fromEntries(Object.entries(deny.fields).filter(([id]) => name !== 'field' || id !== what));
    const left = deny.actions.filter((action) => name !== 'action' || action !== what);
    const still = except && name !== 'filter' ? { filter: except } : {};
    return { ...kept, deny: { ...others, actions: left, fields, ...still } };
  }
  switch (name) {
    case 'field':
      return { ...kept, fields: { ...kept.fields, [what]: 'hidden' } };
    case 'action':
      return { ...kept, actions: kept.actions.filter((action) => action !== what) };
    case 'scope':
      return { ...kept, scope: 'none' };
    case 'inherit':
      return { ...kept, inherit: (kept.inherit ?? []).filter((id) => id !== what) };
    case 'involved':
      return { ...kept, involved: false };
    case 'filter':
      return { ...rest, ...(deny ? { deny } : {}) };
    default:
      throw new Error(`what is ${name}?`);
  }
}
