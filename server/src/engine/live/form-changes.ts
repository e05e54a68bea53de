import type { FormId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Bus } from '../../kernel/redis/bus.js';
import { BUS } from '../../kernel/tokens.js';

export const changesChannel = 'lianke:form-changes';
export const eventsChannel = 'lianke:record-events';

export interface FormChange {
  tenantId: TenantId;
  formId: FormId;
  counter: number;
}

const gatherMs = 20;

/**
 * Tells everybody that a form's records changed: counters go up outside of the writing transaction (a counter inside
 * would line all writers of a form up behind one row), at most once per 20 ms, then the bus rings.
 */
@Injectable()
export class FormChanges implements OnApplicationShutdown {
  private readonly dirty = new Map<string, { tenantId: TenantId; formId: FormId; events: boolean }>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  /** Called after a commit. `events`: rows were written for flows, so dispatchers are rung too. */
  mark(tenantId: TenantId, formId: FormId, events: boolean): void {
    const key = `${tenantId}/${formId}`;
    this.dirty.set(key, { tenantId, formId, events: events || Boolean(this.dirty.get(key)?.events) });
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flushing = this.flushing.then(() => this.flush()).catch(() => undefined);
    }, gatherMs);
  }

  /** Resolves when everything marked so far has been told. */
  async settled(): Promise<void> {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.flushing = this.flushing.then(() => this.flush()).catch(() => undefined);
    }
    await this.flushing;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.settled();
  }

  private async flush(): Promise<void> {
    const batch = [...this.dirty.values()];
    this.dirty.clear();
    if (batch.some((item) => item.events)) await this.bus.publish(eventsChannel, 'new');
    for (const [tenantId, items] of groupBy(batch, (item) => item.tenantId)) {
      const rows = await this.database.withTenant({ tenantId }, (tx) =>
        tx.sql<{ form_id: FormId; counter: number }>(
          `INSERT INTO lianke.form_counter (tenant_id, form_id, counter) SELECT $1, unnest($2::uuid[]), 1
           ON CONFLICT (tenant_id, form_id) DO UPDATE SET counter = lianke.form_counter.counter + 1, changed_at = clock_timestamp()
           RETURNING form_id, counter`,
          [tenantId, items.map((item) => item.formId).sort()],
        ),
      );
      const changes: FormChange[] = rows.map((row) => ({ tenantId, formId: row.form_id, counter: row.counter }));
      await this.bus.publish(changesChannel, JSON.stringify(changes));
    }
  }
}
