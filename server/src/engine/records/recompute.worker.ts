import type { FormId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { baseColumn } from '../forms/table-ddl.js';
import { FormChanges } from '../live/form-changes.js';
import { TenantDirectory } from '../org/tenant-directory.js';

interface Ticket {
  tenant_id: TenantId;
  form_id: FormId;
  record_id: string;
  field: string;
  ticket: number;
  epoch: number;
}

/** Computes derived fields from scratch after commits; version, updated_at and history stay as they are (design §5). */
@Injectable()
export class RecomputeWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly changes: FormChanges,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Loop('recompute', () => this.work(), 300, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One round; answers whether anything was waiting. */
  async work(): Promise<boolean> {
    const tickets = await this.database.asSystem((tx) =>
      claim<Ticket>(tx, {
        table: 'recompute',
        key: ['ticket'],
        ready: 'true',
        order: 'ticket',
        perTenant: 2000,
        limit: 5000,
        leaseSeconds: 60,
      }),
    );
    for (const [tenantId, list] of groupBy(tickets, (ticket) => ticket.tenant_id)) {
      const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'recompute' });
      const forms = await this.registry.all(ctx);
      for (const [, group] of groupBy(list, (ticket) => `${ticket.form_id}/${ticket.field}`)) {
        const first = group[0];
        const form = first && forms.get(first.form_id);
        const field = first && form?.field(first.field);
        const ids = [...new Set(group.map((ticket) => ticket.record_id))].sort();
        await this.database.withTenant(ctx, async (tx) => {
          if (form && field?.typeName === 'lastContact') await recomputeLastContact(tx, form, field, forms.list, ids);
          await tx.run('DELETE FROM lianke.recompute WHERE tenant_id = $1 AND ticket = ANY($2::bigint[])', [
            tenantId,
            group.map((ticket) => ticket.ticket),
          ]);
          if (form) tx.afterCommit(() => this.changes.mark(tenantId, form.id, false));
        });
      }
    }
    return tickets.length > 0;
  }
}

/** The latest of the base value and of every live contact record; null when there is neither. */
async function recomputeLastContact(
  tx: Tx,
  form: FormMeta,
  field: FieldMeta,
  forms: readonly FormMeta[],
  ids: readonly string[],
): Promise<void> {
  const { sources } = field.config as { sources: { formId: string; relation: string; time: string }[] };
  const maxima = sources.flatMap((source) => {
    const from = forms.find((item) => item.id === source.formId);
    const relation = from?.field(source.relation);
    const time = from?.field(source.time);
    return from && relation && time
      ? [
          `(SELECT max(s.${time.column}) FROM ${from.table} s WHERE s.${relation.column} = t.id AND s.deleted_at IS NULL)`,
        ]
      : [];
  });
  await tx.run(
    `WITH locked AS (SELECT id FROM ${form.table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE)
     UPDATE ${form.table} t SET ${field.column} = greatest(t.${baseColumn(field)}${maxima.map((max) => `, ${max}`).join('')}) FROM locked WHERE t.id = locked.id`,
    [ids],
  );
}
