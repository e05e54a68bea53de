import type { FormId, RecordId, RunId, TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import type { Scope } from './run-scope.js';

/** The visit of a 查找数据 node whose records stand in a list of their own. */
export interface ListPlace {
  node: string;
  scope: Scope;
  iteration: number;
}

/** What such a node answers: the records themselves, or how many there are and where their list is. */
export interface FoundRecords {
  formId: FormId;
  records?: RecordId[];
  count?: number;
  listed?: ListPlace;
}

interface Run {
  tenantId: TenantId;
  runId: RunId;
}

const chunk = 5000;

/** Keeps a long list line by line, so that a round of a loop reads one of them and no step's result grows with it. */
export async function keepList(
  tx: Tx,
  run: Run,
  at: ListPlace,
  records: readonly RecordId[],
  now: Date,
): Promise<void> {
  for (let from = 0; from < records.length; from += chunk)
    await tx.run(
      `INSERT INTO lianke.run_item (tenant_id, run_id, node, scope, iteration, n, record_id, made_at)
       SELECT $1, $2, $3, $4, $5, $6 + r.at - 1, r.id, $7 FROM unnest($8::uuid[]) WITH ORDINALITY AS r(id, at)`,
      [run.tenantId, run.runId, at.node, at.scope, at.iteration, from, now, records.slice(from, from + chunk)],
    );
}

/** The n-th record of a list, from 0. */
export async function inList(tx: Tx, run: Run, at: ListPlace, n: number): Promise<RecordId | undefined> {
  const [row] = await tx.sql<{ record_id: RecordId }>(
    `SELECT record_id FROM lianke.run_item WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5 AND n = $6`,
    [run.tenantId, run.runId, at.node, at.scope, at.iteration, n],
  );
  return row?.record_id;
}
