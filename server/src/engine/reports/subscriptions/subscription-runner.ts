import { nextReportAt } from '@lianke/shared/dashboards/subscriptions';
import type { SubscriptionId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Config } from '../../../kernel/config/config.js';
import { Database } from '../../../kernel/database/database.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import { CLOCK, CONFIG, LOGGER } from '../../../kernel/tokens.js';
import { TenantDirectory } from '../../org/tenant-directory.js';
import { ReportPictures } from './report-pictures.js';
import { ReportSender, type Sending, type SubscriptionRow } from './report-sender.js';

const everyMs = 15_000;
/** Longer than two hundred pictures take. */
const leaseMinutes = 15;
/** A report that is later than this is not sent any more: the next one tells what is so by then. */
const lateMs = 12 * 3_600_000;

/** Sends what is due, and removes pictures of long ago. */
@Injectable()
export class SubscriptionRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    private readonly directory: TenantDirectory,
    private readonly sender: ReportSender,
    private readonly pictures: ReportPictures,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'role'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('reports', () => this.work(), everyMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One round; true when it sent something. One subscription that fails keeps no other from being sent. */
  async work(): Promise<boolean> {
    const due = await this.database.control<{ tenant_id: TenantId; id: SubscriptionId }>(
      'SELECT * FROM lianke.due_reports($1)',
      [this.clock.now()],
    );
    for (const { tenant_id: tenantId, id } of due) {
      const row = await this.take(tenantId, id);
      if (row) await this.send(tenantId, row);
    }
    await this.pictures.prune();
    return due.length > 0;
  }

  private take(tenantId: TenantId, id: SubscriptionId): Promise<SubscriptionRow | undefined> {
    return this.database.withTenant({ tenantId }, async (tx) => {
      const [row] = await tx.sql<SubscriptionRow>(
        `UPDATE lianke.report_subscription
         SET lease_until = clock_timestamp() + make_interval(mins => ${leaseMinutes}), epoch = epoch + 1
         WHERE id = $1 AND enabled AND next_at <= $2 AND (lease_until IS NULL OR lease_until < clock_timestamp())
         RETURNING id, dashboard_id, schedule, members, groups, enabled, created_by, next_at, last_at, epoch`,
        [id, this.clock.now()],
      );
      return row;
    });
  }

  private async send(tenantId: TenantId, row: SubscriptionRow): Promise<void> {
    const dueAt = new Date(row.next_at);
    const late = this.clock.now().getTime() - dueAt.getTime() > lateMs;
    const sending: Sending = { tenantId, row, dueAt, drawn: new Map() };
    const each = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        this.logger.error({ err: error, tenantId, subscriptionId: row.id }, 'a report was not sent');
      }
    };
    if (!late) {
      for (const member of row.members) await each(() => this.sender.toMember(sending, member));
      for (const group of row.groups) await each(() => this.sender.toGroup(sending, group));
    }
    const { timeZone } = await this.directory.context(tenantId, { kind: 'system', name: 'flow' });
    await this.database.withTenant({ tenantId }, (tx) =>
      tx.run(
        `UPDATE lianke.report_subscription SET lease_until = NULL, next_at = $3, last_at = CASE WHEN $4 THEN last_at ELSE next_at END
         WHERE id = $1 AND epoch = $2`,
        [row.id, row.epoch, nextReportAt(row.schedule, timeZone, this.clock.now()), late],
      ),
    );
  }
}
