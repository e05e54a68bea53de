import type { AuditAction } from '@lianke/shared/audit/contracts';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { memberOf, type TenantContext } from '../context.js';

/** What the company's audit trail names; `object` is the id of the thing, `detail` plain facts without records' values. */
export interface AuditEntry {
  action: AuditAction;
  object: string | null;
  detail: Record<string, unknown>;
  /** When, by the clock of business times; the database's own clock when absent. */
  at?: Date;
}

/** Adds to the append-only trail in the transaction of the deed. */
export async function writeAudit(tx: Tx, ctx: TenantContext, entry: AuditEntry): Promise<void> {
  await tx.run(
    'INSERT INTO lianke.audit (tenant_id, id, actor_id, action, object, detail, at) VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, now()))',
    [
      ...[ctx.tenantId, uuid7(), memberOf(ctx), entry.action, entry.object, JSON.stringify(entry.detail)],
      entry.at ?? null,
    ],
  );
}
