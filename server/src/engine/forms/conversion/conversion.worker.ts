import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../../kernel/config/config.js';
import { claim } from '../../../kernel/database/claim.js';
import { codeOf, Database } from '../../../kernel/database/database.js';
import { AppError, paramsIn, refusal } from '../../../kernel/errors/app-error.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import { FormChanges } from '../../live/form-changes.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { TenantDirectory } from '../../org/tenant-directory.js';
import { placeOf } from '../field-place.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { type Conversion, type ConversionRow, convertRows, sidesOf } from './conversion-store.js';
import { nameIn } from './conversion-view.js';
import { release } from './conversions.service.js';
import { converterFor } from './convert-names.js';
import { forgetPlain } from './forget-plain.js';
import { onceInRows, recordsWritten, refuseRowRepeats } from './row-repeats.js';
import { moveSetIndexes } from './unique-sets.js';

export const chunkRows = 5_000;
/** With so few rows left over, writers may wait for the rest. */
const lastRows = 500;
const turnMs = 3_000;
const repeats: Words = {
  zh: '转换后有重复的值，而这个字段不允许重复',
  en: 'converted values repeat, which this field does not allow',
};
const gone: Words = { zh: '表单或字段已删除', en: 'the form or the field was deleted' };

/**
 * Converts the values of fields whose type is changed. Records are walked in steps beside those who write; once a round
 * finds hardly a row that changed meanwhile, writers wait for the last ones and the form goes over to the new column.
 */
@Injectable()
export class ConversionWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;
  /** Whoever read the form before the conversion began has written by then, or asks anew (design §4: ten seconds). */
  graceSeconds = 10;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly forms: FormsService,
    private readonly org: OrgDirectory,
    private readonly changes: FormChanges,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('field-conversions', () => this.work(), 1000, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One turn of one conversion; answers whether any was waiting. */
  async work(): Promise<boolean> {
    const [row] = await this.database.asSystem((tx) =>
      claim<ConversionRow>(tx, {
        table: 'field_conversion',
        key: ['id'],
        ready: `q.state = 'running' OR q.purge`,
        order: 'created_at, id',
        perTenant: 1,
        limit: 1,
        leaseSeconds: 60,
      }),
    );
    if (!row) return false;
    const ctx = await this.tenants.context(row.tenant_id, { kind: 'system', name: 'conversion' });
    if (row.state !== 'running') {
      await this.purge(ctx, row);
      return true;
    }
    try {
      await this.turn(ctx, row);
    } catch (error) {
      this.logger.error({ err: error, form: row.form_id, field: row.field }, 'a field was not converted');
      const repeated = codeOf(error) === '23505' ? repeats[row.language] : '';
      const detail = error instanceof AppError ? String(paramsIn(error, row.language).detail ?? error.code) : repeated;
      await this.fail(ctx, row, detail);
    }
    return true;
  }

  private async turn(ctx: TenantContext, row: ConversionRow): Promise<void> {
    const conversion = await this.conversion(ctx, row);
    if (!conversion) return this.fail(ctx, row, gone[row.language]);
    const until = performance.now() + turnMs;
    let round = 0;
    let at: ConversionRow | undefined = row;
    while (at && performance.now() < until) {
      const step = await this.step(ctx, conversion, at);
      if (!step) return;
      round += step.rows;
      if (step.rows === chunkRows) {
        at = step.row;
        continue;
      }
      // The end of a round: over to the new column, or once more from the beginning.
      at = { ...step.row, cursor: null };
      if (round > lastRows) {
        round = 0;
        continue;
      }
      if (await this.finish(ctx, conversion, at)) return;
      break;
    }
    if (at) await this.rest(ctx, at);
  }

  private async conversion(ctx: TenantContext, row: ConversionRow): Promise<Conversion | undefined> {
    const form = await this.registry.form(ctx, row.form_id).catch(() => undefined);
    const place = form && placeOf(form, row.field);
    if (!form?.converting || !place) return undefined;
    const { field, holder } = place;
    const world = { timeZone: ctx.timeZone, org: await this.org.of(ctx), forms: await this.registry.all(ctx) };
    const sides = sidesOf(form, row);
    return {
      form,
      holder,
      sides,
      forth: converterFor(world, row.source, row.target, row.match_by),
      back: row.undoes ? converterFor(world, row.target, row.source, row.match_by) : undefined,
      searched: sides.target.searchable ? { title: holder.title?.id === field.id } : undefined,
    };
  }

  private step(
    ctx: TenantContext,
    conversion: Conversion,
    row: ConversionRow,
  ): Promise<{ rows: number; row: ConversionRow } | undefined> {
    return this.database.withTenant(ctx, async (tx) => {
      const { holder, sides } = conversion;
      const total =
        row.total ??
        (await tx.sql<{ n: number }>(`SELECT count(${sides.source.column})::int AS n FROM ${holder.table}`))[0]?.n ??
        0;
      const { cursor, rows, failing } = await convertRows(tx, conversion, row.cursor, chunkRows);
      const next: ConversionRow = {
        ...row,
        cursor: rows === chunkRows ? cursor : null,
        total,
        done: Math.min(total, row.done + rows),
        failing: row.failing + failing,
      };
      const kept = await tx.run(
        `UPDATE lianke.field_conversion SET cursor = $2, done = $3, total = $4, failing = $5, lease_until = clock_timestamp() + interval '60 seconds'
         WHERE id = $1 AND epoch = $6 AND state = 'running'`,
        [row.id, next.cursor, next.done, next.total, next.failing, row.epoch],
      );
      return kept > 0 ? { rows, row: next } : undefined;
    });
  }

  /** The switch; false while it is too early, or the table is in use by someone who takes his time. */
  private async finish(ctx: TenantContext, conversion: Conversion, row: ConversionRow): Promise<boolean> {
    try {
      return await this.switchOver(ctx, conversion, row);
    } catch (error) {
      if (codeOf(error) !== '55P03') throw error;
      await this.database.stopTending(ctx.tenantId);
      return false;
    }
  }

  private async switchOver(ctx: TenantContext, conversion: Conversion, row: ConversionRow): Promise<boolean> {
    const forms = await this.registry.all(ctx);
    const plan = await this.forms.planConversion(ctx, forms, conversion.form, row.target, row.target_column);
    // Columns of formulas that follow; none of this form's own is changed by what comes after.
    await this.forms.makeTables(ctx, forms.list, plan.settled, [conversion.sides.target.column]);
    const once = onceInRows(conversion);
    if (once) await this.database.withTenant(ctx, (tx) => refuseRowRepeats(tx, conversion));
    return this.database.withTenant(ctx, async (tx) => {
      const [ready] = await tx.sql<{ ready: boolean }>(
        `SELECT created_at <= clock_timestamp() - make_interval(secs => $3) AS ready FROM lianke.field_conversion
         WHERE id = $1 AND epoch = $2 AND state = 'running' FOR UPDATE`,
        [row.id, row.epoch, this.graceSeconds],
      );
      if (!ready?.ready) return false;
      // Writers hold the form while they write (see shape-moved.ts): from here on there is none.
      const held = await tx.sql('SELECT 1 FROM lianke.form WHERE id = $1 AND deleted_at IS NULL FOR UPDATE', [
        conversion.form.id,
      ]);
      if (held.length === 0) throw refusal('wrong_state', { zh: '表单已删除', en: 'the form was deleted' });
      const written = once ? await recordsWritten(tx, conversion) : [];
      for (let left = chunkRows; left === chunkRows; ) left = (await convertRows(tx, conversion, null, chunkRows)).rows;
      if (written.length > 0) await refuseRowRepeats(tx, conversion, written);
      const now = await this.registry.load(tx, ctx);
      const before = now.get(conversion.form.id);
      if (!before) throw new AppError('not_found');
      const settled = await this.forms.planConversion(ctx, now, before, row.target, row.target_column);
      const { sides } = conversion;
      await moveSetIndexes(tx, settled.after, sides.target);
      const note = noteOf(row, nameIn(before, row))[row.language];
      await this.forms.storeConversion(tx, ctx, now, before, settled, note);
      await tx.run(
        `UPDATE lianke.field_conversion SET state = 'done', done = coalesce(total, done), finished_at = clock_timestamp(), lease_until = NULL, purge = $2,
           failing = (SELECT count(*) FROM ${conversion.holder.table} t WHERE t.${sides.source.column} IS NOT NULL AND t.${sides.target.column} IS NULL)
         WHERE id = $1`,
        [row.id, Boolean(row.target.encrypted) && !row.source.encrypted],
      );
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, conversion.form.id, false));
      return true;
    });
  }

  /** What an encrypted field held in the clear goes: the old column, and the values in history and events. */
  private async purge(ctx: TenantContext, row: ConversionRow): Promise<void> {
    const form = await this.registry.form(ctx, row.form_id).catch(() => undefined);
    if (form && !(await forgetPlain(this.database, ctx, form, row))) return this.rest(ctx, row);
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.field_conversion SET purge = false, lease_until = NULL WHERE id = $1 AND epoch = $2', [
        row.id,
        row.epoch,
      ]),
    );
  }

  /** Lets others have their turn. A conversion that only waits for its first seconds to pass looks again in one. */
  private async rest(ctx: TenantContext, row: ConversionRow): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `UPDATE lianke.field_conversion SET lease_until = clock_timestamp() + interval '1 second' WHERE id = $1 AND epoch = $2`,
        [row.id, row.epoch],
      ),
    );
  }

  private async fail(ctx: TenantContext, row: ConversionRow, detail: string): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      const changed = await tx.run(
        `UPDATE lianke.field_conversion SET state = 'failed', error = $3, finished_at = clock_timestamp(), lease_until = NULL
         WHERE id = $1 AND epoch = $2 AND state = 'running'`,
        [row.id, row.epoch, detail || null],
      );
      if (changed > 0) await release(tx, ctx, row.form_id);
    });
  }
}

/** What the version that a conversion makes is remembered for. */
function noteOf({ source, target, undoes }: ConversionRow, name: string): Words {
  if (source.type === target.type)
    return {
      zh: `字段“${name}”${target.encrypted ? '打开' : '关闭'}加密存储`,
      en: `encryption of the field "${name}" turned ${target.encrypted ? 'on' : 'off'}`,
    };
  const [from, to] = [fieldTypes[source.type].label, fieldTypes[target.type].label];
  return {
    zh: `字段“${name}”从${from.zh}${undoes ? '转回' : '转换为'}${to.zh}`,
    en: `field "${name}" converted ${undoes ? 'back ' : ''}from ${from.en} to ${to.en}`,
  };
}
