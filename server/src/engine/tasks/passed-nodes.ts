import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { RunId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { type Scope, scopesAround } from '../flows/run-scope.js';

/** An approval or a fill-in that a path has passed, and on which path: the same or one around it. */
export interface PassedNode {
  node: string;
  type: 'approval' | 'fill';
  /** Empty where the designer gave it none. */
  name: string;
  scope: Scope;
  /** Resubmitting may lead straight back: it lies on the same path. */
  straight: boolean;
}

/** Nodes that follow one, itself among them. */
export function nodesFrom(definition: FlowDefinition, from: string): Set<string> {
  const reached = new Set([from]);
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const edge of definition.edges)
      if (edge.from === at && !reached.has(edge.to)) {
        reached.add(edge.to);
        queue.push(edge.to);
      }
  return reached;
}

/** Approvals and fill-ins passed on the way to a node, the latest last. Those of sibling branches are not among them. */
export async function passedNodes(
  tx: Tx,
  runId: RunId,
  definition: FlowDefinition,
  place: { scope: Scope; node: string },
): Promise<PassedNode[]> {
  const rows = await tx.sql<Pick<PassedNode, 'node' | 'type' | 'scope'>>(
    `SELECT node, type, scope FROM lianke.step WHERE run_id = $1 AND state = 'done' AND NOT undone
       AND (type = 'fill' OR (type = 'approval' AND output->>'outcome' = 'approved')) AND scope = ANY($2) ORDER BY finished_at, started_at`,
    [runId, scopesAround(place.scope)],
  );
  const passed = new Map<string, PassedNode>();
  for (const row of rows) {
    if (row.node === place.node || !nodesFrom(definition, row.node).has(place.node)) continue;
    const name = definition.nodes.find((node) => node.id === row.node)?.name ?? '';
    passed.delete(row.node);
    passed.set(row.node, { ...row, name, straight: row.scope === place.scope });
  }
  return [...passed.values()];
}
