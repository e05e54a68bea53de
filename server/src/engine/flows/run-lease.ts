import type { RunId, TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';

/** How long a claimed run belongs to its worker, from its claim or the last extension on. */
export const leaseSeconds = 60;

/** A claimed run. */
export interface LeasedRun {
  tenant_id: TenantId;
  id: RunId;
  /** Counts the claims: whoever holds an older one is fenced out. */
  epoch: number;
  /** Process time in milliseconds of the last extension of the lease. */
  leasedAt?: number;
}

/** Lets any worker claim the run again, unless another one has it already. */
export async function giveBackLease(tx: Tx, run: LeasedRun): Promise<void> {
  await tx.run('UPDATE lianke.run SET lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND epoch = $3', [
    run.tenant_id,
    run.id,
    run.epoch,
  ]);
}

/** Steps are short: the lease is moved on only when a good part of it has gone by. The caller has locked the run. */
export async function extendLease(tx: Tx, run: LeasedRun): Promise<void> {
  const at = performance.now();
  run.leasedAt ??= at;
  if (at - run.leasedAt < (leaseSeconds * 1000) / 3) return;
  run.leasedAt = at;
  await tx.run(
    `UPDATE lianke.run SET lease_until = clock_timestamp() + interval '${leaseSeconds} seconds' WHERE tenant_id = $1 AND id = $2`,
    [run.tenant_id, run.id],
  );
}
