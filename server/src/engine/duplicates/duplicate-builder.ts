import type { FormId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { storedValues } from '../records/record-reader.js';
import { type CompiledRule, compiledRules } from './duplicate-keys.js';
import { addKeys, keysOfRows, keyTable } from './key-statements.js';

interface Build {
  tenant_id: TenantId;
  form_id: FormId;
  rule: string;
  cursor: string | null;
  done: number;
  total: number;
  epoch: number;
}

const chunkRows = 5000;
/** How long one claim goes on before others get their turn. */
const turnMs = 3000;

/** Makes the keys of records that were there before their form's rule. New ones get theirs when they are written. */
@Injectable()
export class DuplicateBuilder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('duplicate-keys', () => this.work(), 1000, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  ring(): void {
    if (this.config.role !== 'api') this.loop.ring();
  }

  /** One round; answers whether anything was waiting. */
  async work(): Promise<boolean> {
    const [build] = await this.database.asSystem((tx) =>
      claim<Build>(tx, {
        table: 'duplicate_build',
        key: ['form_id', 'rule'],
        ready: `q.state = 'building'`,
        order: 'created_at, rule',
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
        { err: error, form: build.form_id, rule: build.rule },
        'keys of repeated records were not made',
      );
      await this.finish(ctx, build, 'failed');
    }
    return true;
  }

  private async turn(ctx: TenantContext, build: Build): Promise<void> {
    const form = (await this.registry.all(ctx)).get(build.form_id);
    const rule = form && compiledRules(form).find((item) => item.id === build.rule);
    if (!form || !rule) return this.finish(ctx, build, 'ready');
    const until = performance.now() + turnMs;
    let at: Build | undefined = build;
    while (at && performance.now() < until) at = await this.chunk(ctx, form, rule, at);
    if (at) await this.update(ctx, at, 'lease_until = NULL', []);
  }

  /** The next rows by id; undefined when all are done, or the rule was saved anew meanwhile. */
  private async chunk(
    ctx: TenantContext,
    form: FormMeta,
    rule: CompiledRule,
    build: Build,
  ): Promise<Build | undefined> {
    const columns = [...new Set(rule.parts.map(({ field }) => field.column))].join(', ');
    const next = await this.database.withTenant(ctx, async (tx) => {
      // Locked, so that whoever changes a row meanwhile does it before or after its key is made, not between.
      const rows = await tx.sql<Record<string, unknown>>(
        `SELECT id, ${columns} FROM ${form.table} WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT ${chunkRows} FOR SHARE`,
        [build.cursor],
      );
      const ids = rows.map((row) => String(row.id));
      await tx.run(`DELETE FROM ${keyTable(form)} WHERE form_id = $1 AND rule = $2 AND record_id = ANY($3::uuid[])`, [
        form.id,
        rule.id,
        ids,
      ]);
      const keys = keysOfRows(
        [rule],
        rows.map((row) => ({ id: String(row.id), values: storedValues(form, row) })),
      );
      if (keys.length > 0) {
        const statement = addKeys(form, keys);
        await tx.run(statement.text, statement.values);
      }
      const done = build.done + rows.length;
      const kept = await tx.run(
        `UPDATE lianke.duplicate_build SET cursor = $4, done = $5, total = greatest(total, $5), lease_until = clock_timestamp() + interval '60 seconds'
         WHERE tenant_id = $1 AND form_id = $2 AND rule = $3 AND epoch = $6`,
        [ctx.tenantId, build.form_id, build.rule, ids.at(-1) ?? build.cursor, done, build.epoch],
      );
      return kept > 0
        ? { ...build, cursor: ids.at(-1) ?? build.cursor, done, last: rows.length < chunkRows }
        : undefined;
    });
    if (!next?.last) return next;
    await this.finish(ctx, next, 'ready');
    return undefined;
  }

  private finish(ctx: TenantContext, build: Build, state: 'ready' | 'failed'): Promise<void> {
    return this.update(ctx, build, 'state = $5, total = done, lease_until = NULL', [state]);
  }

  private async update(ctx: TenantContext, build: Build, set: string, values: string[]): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `UPDATE lianke.duplicate_build SET ${set} WHERE tenant_id = $1 AND form_id = $2 AND rule = $3 AND epoch = $4`,
        [ctx.tenantId, build.form_id, build.rule, build.epoch, ...values],
      ),
    );
  }
}
