import { type AppTrial, appTrial, type Principal } from '@lianke/shared/apps/access';
import type { AppId, BatchId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { TrialCleared, TrialView } from '@lianke/shared/trials/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { named, requireKnown } from '../access/principals.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import { RunsService } from '../flows/runs.service.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { bumpAccess, bumpSchema } from '../versions.js';

const chunk = 1000;
/** Records that others refer to go once those are gone. */
const mostRounds = 5;

interface Feedback {
  id: string;
  by: { id: string; label: string };
  text: string;
  page: string;
  at: string;
}

/** 试运行 of apps: begun, ended and cleared by whoever may change the app. */
@Injectable()
export class TrialsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly tenants: TenantDirectory,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly runs: RunsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(ctx: TenantContext, appId: AppId): Promise<TrialView> {
    await this.access.requireDesign(ctx, appId);
    const trial = await this.stored(ctx, appId);
    const [count] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM lianke.trial_feedback WHERE tenant_id = $1 AND app_id = $2',
        [ctx.tenantId, appId],
      ),
    );
    let records = 0;
    if (trial)
      for (const form of await this.formsOf(ctx, appId)) {
        const [row] = await this.reader.aggregate(ctx, form.id, {
          ...{ filter: since(trial), groupBy: [], metrics: [{ fn: 'count', as: 'n' }], sort: [], limit: 1 },
        });
        records += Number(row?.metrics.n ?? 0);
      }
    return {
      on: trial !== null,
      testers: trial ? named(await this.org.of(ctx), trial.testers) : [],
      startedAt: trial?.startedAt ?? null,
      records,
      feedback: count?.n ?? 0,
    };
  }

  /** Begins it, or changes its testers. */
  async start(ctx: TenantContext, appId: AppId, testers: Principal[]): Promise<TrialView> {
    await this.access.requireDesign(ctx, appId);
    requireKnown(await this.org.of(ctx), testers);
    const before = await this.stored(ctx, appId);
    const startedAt = before?.startedAt ?? this.clock.now().toISOString();
    return this.put(ctx, appId, { testers, startedAt });
  }

  /** Ends it: the app is open again to those it was open to. What was written stays unless it was cleared. */
  async end(ctx: TenantContext, appId: AppId): Promise<TrialView> {
    await this.access.requireDesign(ctx, appId);
    if (!(await this.stored(ctx, appId)))
      throw refusal('wrong_state', { zh: '这个应用没有在试运行', en: 'this app is not in a trial' });
    return this.put(ctx, appId, null);
  }

  /** Moves records made since it began to the recycle bin and ends the runs that began since. */
  async clear(ctx: TenantContext, appId: AppId): Promise<TrialCleared> {
    await this.access.requireDesign(ctx, appId);
    const trial = await this.stored(ctx, appId);
    if (!trial) throw refusal('wrong_state', { zh: '这个应用没有在试运行', en: 'this app is not in a trial' });
    const cancelled = await this.cancelRuns(ctx, appId, trial);
    const batchId = uuid7() as BatchId;
    const result: TrialCleared = { deleted: 0, failed: 0, reason: '', cancelled };
    const forms = await this.formsOf(ctx, appId);
    for (let round = 0; round < mostRounds; round++) {
      let went = 0;
      Object.assign(result, { failed: 0, reason: '' });
      for (const form of forms) {
        const ids = await this.ids(ctx, form, trial);
        for (let at = 0; at < ids.length; at += chunk) {
          const rows = ids.slice(at, at + chunk).map((id) => ({ id }));
          const { results } = await this.writer.write(ctx, {
            formId: form.id,
            op: 'delete',
            rows,
            batchId,
            quiet: true,
          });
          for (const row of results) {
            if (row.status !== 'failed') went++;
            else {
              result.failed++;
              result.reason ||= row.error?.message ?? '';
            }
          }
        }
      }
      result.deleted += went;
      if (result.failed === 0 || went === 0) break;
    }
    await this.database.withTenant(ctx, (tx) =>
      writeAudit(tx, ctx, { action: 'trial.clear', object: appId, detail: { ...result, startedAt: trial.startedAt } }),
    );
    return result;
  }

  /** What a tester says; only while it lasts. */
  async say(ctx: TenantContext, appId: AppId, body: { text: string; page: string }): Promise<Feedback> {
    const me = memberOf(ctx);
    if (me === null || !(await this.access.maySeeApp(ctx, appId))) throw new AppError('not_found');
    if (!(await this.stored(ctx, appId)))
      throw refusal('wrong_state', { zh: '试运行已经结束', en: 'the trial has ended' });
    const row = { id: uuid7(), at: this.clock.now().toISOString() };
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.trial_feedback (tenant_id, id, app_id, member_id, text, page, at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [ctx.tenantId, row.id, appId, me, body.text, body.page, row.at],
      ),
    );
    return { ...row, ...body, by: { id: me, label: (await this.org.of(ctx)).nameOf(me) } };
  }

  async feedbacks(ctx: TenantContext, appId: AppId): Promise<Feedback[]> {
    await this.access.requireDesign(ctx, appId);
    await this.stored(ctx, appId);
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Omit<Feedback, 'by'> & { member_id: MemberId }>(
        'SELECT id, member_id, text, page, at FROM lianke.trial_feedback WHERE tenant_id = $1 AND app_id = $2 ORDER BY id DESC LIMIT 500',
        [ctx.tenantId, appId],
      ),
    );
    return rows.map(({ member_id, ...row }) => ({
      ...row,
      at: new Date(row.at).toISOString(),
      by: { id: member_id, label: org.nameOf(member_id) },
    }));
  }

  private async cancelRuns(ctx: TenantContext, appId: AppId, trial: AppTrial): Promise<number> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ id: RunId }>(
        `SELECT r.id FROM lianke.run r JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id
         WHERE f.app_id = $1 AND r.started_at >= $2 AND r.state IN ('ready','waiting','calling','failed') ORDER BY r.id`,
        [appId, trial.startedAt],
      ),
    );
    let ended = 0;
    for (const { id } of rows) {
      const done = await this.runs.cancel(ctx, id).then(
        () => true,
        (error: unknown) => {
          // It came to its end meanwhile, or a caller's cancelling took it along.
          if (error instanceof AppError && error.code === 'wrong_state') return false;
          throw error;
        },
      );
      if (done) ended++;
    }
    return ended;
  }

  private async put(ctx: TenantContext, appId: AppId, trial: AppTrial | null): Promise<TrialView> {
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('UPDATE lianke.app SET trial = $2::jsonb WHERE id = $1', [appId, trial && JSON.stringify(trial)]);
      await writeAudit(tx, ctx, { action: 'trial', object: appId, detail: { trial } });
      await bumpAccess(tx, ctx.tenantId);
      await bumpSchema(tx, ctx.tenantId);
    });
    return this.get(await this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause), appId);
  }

  private async stored(ctx: TenantContext, appId: AppId): Promise<AppTrial | null> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ trial: unknown }>('SELECT trial FROM lianke.app WHERE id = $1', [appId]),
    );
    if (!row) throw new AppError('not_found');
    return row.trial === null ? null : appTrial.parse(row.trial);
  }

  private async formsOf(ctx: TenantContext, appId: AppId): Promise<FormMeta[]> {
    return (await this.registry.forms(ctx)).filter((form) => form.appId === appId);
  }

  private async ids(ctx: TenantContext, form: FormMeta, trial: AppTrial): Promise<RecordId[]> {
    const ids: RecordId[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.reader.query(ctx, form.id, {
        ...{ filter: since(trial), fields: [], limit: chunk, total: false },
        ...(cursor ? { cursor } : {}),
      });
      ids.push(...page.items.map(({ id }) => id as RecordId));
      cursor = page.cursor ?? undefined;
    } while (cursor);
    return ids;
  }
}

function since({ startedAt }: AppTrial) {
  return { field: 'createdAt', op: 'gte' as const, value: startedAt };
}
