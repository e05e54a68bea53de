import type { AppId, FlowId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { keepInBin } from '../apps/app-bin.js';
import type { TenantContext } from '../context.js';

/** Columns that say what a flow is; what it is doing (paused, told) begins anew. */
const flowColumns = 'tenant_id, id, app_id, form_id, name, draft, published_version, owner_id, created_at, updated_at';
const hookColumns = 'tenant_id, flow_id, token_hash, token_sealed, last_body, last_at';

/** Moves a flow with its address into the recycle bin; its versions and runs stay where they are. */
export async function binFlow(
  tx: Tx,
  ctx: TenantContext,
  flow: { id: FlowId; app_id: AppId; name: string },
  now: Date,
): Promise<void> {
  const [content] = await tx.sql<{ flow: unknown; hook: unknown }>(
    `SELECT to_jsonb(f) AS flow, (SELECT to_jsonb(h) FROM lianke.flow_hook h WHERE h.flow_id = f.id) AS hook
     FROM lianke.flow f WHERE f.id = $1`,
    [flow.id],
  );
  await keepInBin(
    tx,
    ctx,
    { kind: 'flow', id: flow.id, appId: flow.app_id, name: flow.name, content: { ...content } },
    now,
  );
  await tx.run('DELETE FROM lianke.flow WHERE id = $1', [flow.id]);
  await tx.run('DELETE FROM lianke.flow_schedule WHERE flow_id = $1', [flow.id]);
  await tx.run('DELETE FROM lianke.flow_hook WHERE flow_id = $1', [flow.id]);
}

/** Puts a flow back as it was kept, switched off, with the address it had. */
export async function unbinFlow(tx: Tx, content: Record<string, unknown>): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.flow (${flowColumns}) SELECT ${flowColumns} FROM jsonb_populate_record(NULL::lianke.flow, $1::jsonb)`,
    [JSON.stringify(content.flow)],
  );
  if (content.hook)
    await tx.run(
      `INSERT INTO lianke.flow_hook (${hookColumns}) SELECT ${hookColumns} FROM jsonb_populate_record(NULL::lianke.flow_hook, $1::jsonb)`,
      [JSON.stringify(content.hook)],
    );
}
