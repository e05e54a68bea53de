import type { FormId, RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { TenantContext } from '../context.js';
import { VersionedCache } from '../versioned-cache.js';

/** An approval node with a timer that follows a date, as a jsonpath over a definition. */
export const datedTimers = `'$.nodes[*] ? (@.type == "approval").timers[*] ? (@.at.kind == "field")'`;

/**
 * Wakes the approvals that wait by a date of their record once that record is edited, so that the timer moves with it. What
 * is not woken looks by itself every few minutes.
 */
@Injectable()
export class RecordWatch {
  private readonly forms = new VersionedCache<Set<FormId>>();

  constructor(private readonly database: Database) {}

  /** Lets the waiting approvals of these edited records look at their dates at `now`. In a transaction of its own. */
  async edited(
    ctx: TenantContext,
    records: readonly { form_id: FormId; record_id: RecordId }[],
    now: Date,
  ): Promise<void> {
    const dated = await this.forms.get(ctx.tenantId, String(ctx.schemaVersion), () => this.load(ctx));
    const ids = records.filter((record) => dated.has(record.form_id)).map((record) => record.record_id);
    if (ids.length === 0) return;
    await this.database.withTenant(ctx, async (tx) => {
      const runs = await tx.sql<{ id: string }>(
        `SELECT r.id FROM lianke.run r WHERE r.tenant_id = $1 AND r.record_id = ANY($2::uuid[]) AND r.state = 'waiting'
           AND EXISTS (SELECT 1 FROM lianke.step s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.id AND ${waits}) ORDER BY r.id FOR UPDATE`,
        [ctx.tenantId, [...new Set(ids)]],
      );
      if (runs.length === 0) return;
      const values = [ctx.tenantId, runs.map((run) => run.id), now];
      // The paths first: how many there are tells whose time the run's row keeps.
      await tx.run(
        `UPDATE lianke.branch b SET due_at = $3 FROM lianke.step s WHERE b.tenant_id = $1 AND b.run_id = ANY($2::uuid[]) AND b.state = 'waiting'
           AND s.tenant_id = b.tenant_id AND s.run_id = b.run_id AND s.scope = b.scope AND s.node = b.node AND ${waits}`,
        values,
      );
      await tx.run(
        `UPDATE lianke.run r SET due_at = $3 WHERE r.tenant_id = $1 AND r.id = ANY($2::uuid[]) AND (r.branches > 0 OR EXISTS (
           SELECT 1 FROM lianke.step s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.id AND s.scope = '' AND s.node = r.node AND ${waits}))`,
        values,
      );
    });
  }

  /** Forms whose approvals have such timers, in any version: runs of old ones go on. */
  private load(ctx: TenantContext): Promise<Set<FormId>> {
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await tx.sql<{ form_id: FormId }>(
        `SELECT DISTINCT definition->'trigger'->>'formId' AS form_id FROM lianke.flow_version WHERE definition @? ${datedTimers}`,
      );
      return new Set(rows.map((row) => row.form_id));
    });
  }
}

const waits = `s.type = 'approval' AND s.state = 'waiting' AND s.output->'follows' = 'true' AND NOT s.output ? 'left'`;
