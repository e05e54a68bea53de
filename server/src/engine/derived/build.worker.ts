import type { FormId, TenantId } from '@lianke/shared/ids';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CLOCK, CONFIG, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormChanges } from '../live/form-changes.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { derivationsOf } from './derivations.js';
import { recomputeRows } from './recompute.js';
import { chunkRows } from './recompute.worker.js';
import { RecomputeScope, type RecomputeWorld } from './recompute-scope.js';

interface Build {
  tenant_id: TenantId;
  form_id: FormId;
  field: string;
  cursor: string | null;
  done: number;
  total: number | null;
  epoch: number;
}

/** How long one claim goes on before others get their turn. */
const turnMs = 3000;
const midnightCheckMs = 20_000;

/** Computes derived fields for whole forms: after publishing, and those that follow the date at each tenant's midnight. */
@Injectable()
export class DerivedBuildWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;
  private checkedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly worlds: RecomputeScope,
    private readonly changes: FormChanges,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('derived-builds', () => this.work(), 1000, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One round; answers whether anything was waiting. */
  async work(): Promise<boolean> {
    const now = this.clock.now().getTime();
    if (Math.abs(now - this.checkedAt) >= midnightCheckMs) {
      this.checkedAt = now;
      await this.startDay();
    }
    const [build] = await this.database.asSystem((tx) =>
      claim<Build>(tx, {
        table: 'derived_build',
        key: ['form_id', 'field'],
        ready: `q.state = 'waiting'`,
        order: 'created_at, field',
        perTenant: 1,
        limit: 1,
        leaseSeconds: 60,
      }),
    );
    if (!build) return false;
    const ctx = await this.tenants.context(build.tenant_id, { kind: 'system', name: 'recompute' });
    try {
      await this.turn(ctx, build);
    } catch (error) {
      this.logger.error(
        { err: error, form: build.form_id, field: build.field },
        'a derived field was not computed for all rows',
      );
      await this.finish(ctx, build, 'failed');
    }
    return true;
  }

  /** Fields that follow the date and were last computed on another day of their tenant. */
  private async startDay(): Promise<void> {
    const stale = await this.database.asSystem((tx) =>
      tx.sql<{ tenant_id: TenantId; form_id: FormId; field: string; day: string }>(
        `SELECT tenant_id, form_id, field, day::text AS day FROM lianke.derived_build WHERE state <> 'waiting' AND day IS NOT NULL AND day < $1::date`,
        [dateIn('Pacific/Kiritimati', this.clock.now())],
      ),
    );
    for (const tenantId of new Set(stale.map((row) => row.tenant_id))) {
      const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'recompute' });
      const today = dateIn(ctx.timeZone, this.clock.now());
      const derivations = derivationsOf((await this.worlds.of(ctx)).forms);
      const due = stale.filter((row) => row.tenant_id === tenantId && row.day < today);
      const again = due.filter((row) => derivations.get(row.form_id, row.field)?.volatile);
      await this.database.withTenant(ctx, async (tx) => {
        await tx.run(
          `UPDATE lianke.derived_build b SET day = $2, state = CASE WHEN q.again THEN 'waiting' ELSE b.state END, cursor = NULL, done = 0, total = NULL, lease_until = NULL
           FROM unnest($3::uuid[], $4::text[], $5::boolean[]) AS q(form_id, field, again) WHERE b.tenant_id = $1 AND b.form_id = q.form_id AND b.field = q.field`,
          [
            tenantId,
            today,
            due.map((row) => row.form_id),
            due.map((row) => row.field),
            due.map((row) => again.includes(row)),
          ],
        );
      });
    }
  }

  private async turn(ctx: TenantContext, build: Build): Promise<void> {
    const world = await this.worlds.of(ctx);
    const form = world.forms.get(build.form_id);
    if (!form || !derivationsOf(world.forms).get(build.form_id, build.field)) return this.finish(ctx, build, 'done');
    const until = performance.now() + turnMs;
    let at: Build | undefined = build;
    while (at && performance.now() < until) at = await this.chunk(ctx, world, form, at);
    if (at) await this.release(ctx, at);
  }

  /** The next rows by id; undefined once the form is done or the build was asked for anew. */
  private async chunk(
    ctx: TenantContext,
    world: RecomputeWorld,
    form: FormMeta,
    build: Build,
  ): Promise<Build | undefined> {
    const next = await this.database.withTenant(ctx, async (tx) => {
      const total =
        build.total ??
        (await tx.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${form.table} WHERE deleted_at IS NULL`))[0]?.n ??
        0;
      const rows = await tx.sql<{ id: string }>(
        `SELECT id FROM ${form.table} WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT ${chunkRows}`,
        [build.cursor],
      );
      const changed = await recomputeRows(
        { tx, ctx, ...world },
        form,
        new Set([build.field]),
        rows.map((row) => row.id),
        false,
      );
      if (changed > 0) tx.afterCommit(() => this.changes.mark(ctx.tenantId, (form.owner?.form ?? form).id, false));
      const done = Math.min(total, build.done + rows.length);
      const cursor = rows.at(-1)?.id ?? build.cursor;
      const kept = await tx.run(
        `UPDATE lianke.derived_build SET cursor = $4, done = $5, total = $6, lease_until = clock_timestamp() + interval '60 seconds'
         WHERE tenant_id = $1 AND form_id = $2 AND field = $3 AND epoch = $7`,
        [ctx.tenantId, build.form_id, build.field, cursor, done, total, build.epoch],
      );
      return kept > 0 ? { ...build, cursor, done, total, last: rows.length < chunkRows } : undefined;
    });
    if (!next?.last) return next;
    await this.finish(ctx, next, 'done');
    return undefined;
  }

  private async release(ctx: TenantContext, build: Build): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'UPDATE lianke.derived_build SET lease_until = NULL WHERE tenant_id = $1 AND form_id = $2 AND field = $3 AND epoch = $4',
        [ctx.tenantId, build.form_id, build.field, build.epoch],
      ),
    );
  }

  private async finish(ctx: TenantContext, build: Build, state: 'done' | 'failed'): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `UPDATE lianke.derived_build SET state = $5, done = coalesce(total, done), lease_until = NULL, finished_at = clock_timestamp()
         WHERE tenant_id = $1 AND form_id = $2 AND field = $3 AND epoch = $4`,
        [ctx.tenantId, build.form_id, build.field, build.epoch, state],
      ),
    );
  }
}
