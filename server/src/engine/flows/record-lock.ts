import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { RunId, TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';

/** While an approval is under way nobody changes what is being approved, unless somebody took the lock off with a reason. */
export async function lockRecord(
  tx: Tx,
  { tenantId }: { tenantId: TenantId },
  runId: RunId,
  definition: FlowDefinition,
): Promise<void> {
  const lock = lockOf(definition);
  if (!lock) return;
  await tx.run(
    'UPDATE lianke.run SET lock = $3::jsonb WHERE tenant_id = $1 AND id = $2 AND lock IS NULL AND unlocked IS NULL',
    [tenantId, runId, JSON.stringify(lock)],
  );
}

/** Lets the record go once no approval of the run waits any more; the next one locks it again. */
export async function unlockRecord(
  tx: Tx,
  { tenantId, runId }: { tenantId: TenantId; runId: RunId },
  definition: FlowDefinition,
): Promise<void> {
  if (!lockOf(definition)) return;
  await tx.run(
    `UPDATE lianke.run SET lock = NULL WHERE tenant_id = $1 AND id = $2 AND lock IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM lianke.step WHERE tenant_id = $1 AND run_id = $2 AND type = 'approval' AND state = 'waiting')`,
    [tenantId, runId],
  );
}

function lockOf(definition: FlowDefinition): 'all' | string[] | undefined {
  const lock = definition.approval?.lock;
  return lock === undefined || lock === 'off' || lock.length === 0 ? undefined : lock;
}
