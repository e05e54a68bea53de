import type { FlowDefinition, FlowNodeType } from '@lianke/shared/flows/definition';
import type { RunId, TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { ended } from './run-places.js';

/** Node types that open paths or ask people: what their runs leave behind has to be closed run by run. */
const opening: ReadonlySet<FlowNodeType> = new Set(['approval', 'fill', 'parallel', 'loop', 'subflow']);

/** Whether runs of the flow never hold more than their own path. */
export function isPlain(definition: FlowDefinition): boolean {
  return !definition.nodes.some((node) => opening.has(node.type));
}

/** Moves several runs of a plain flow to a node, or to their end; the caller has locked their rows. */
export async function moveAll(
  tx: Tx,
  tenantId: TenantId,
  runs: readonly RunId[],
  node: string | undefined,
  now: Date,
): Promise<void> {
  if (node === undefined)
    await tx.run(
      `UPDATE lianke.run SET state = 'done', error = NULL, finished_at = $3, ${ended} WHERE tenant_id = $1 AND id = ANY($2)`,
      [tenantId, runs, now],
    );
  else
    await tx.run(
      `UPDATE lianke.run SET state = 'ready', node = $3, due_at = NULL, attempts = 0 WHERE tenant_id = $1 AND id = ANY($2)`,
      [tenantId, runs, node],
    );
}

/** Lets several runs of a plain flow wait at a node, each until its own time. */
export async function waitAll(
  tx: Tx,
  tenantId: TenantId,
  node: string,
  waits: readonly { runId: RunId; until: Date | null }[],
): Promise<void> {
  await tx.run(
    `UPDATE lianke.run r SET state = 'waiting', node = $3, due_at = w.until, attempts = 0, lease_until = NULL
     FROM unnest($2::uuid[], $4::timestamptz[]) AS w(id, until) WHERE r.tenant_id = $1 AND r.id = w.id`,
    [tenantId, waits.map((wait) => wait.runId), node, waits.map((wait) => wait.until)],
  );
}
