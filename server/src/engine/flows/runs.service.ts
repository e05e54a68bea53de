import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { RunDetail, RunSummary } from '@lianke/shared/flows/api';
import { type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import type { AppId, FlowId, FormId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { toldSaid } from '../../kernel/errors/said.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { FlowWorkers } from './flow-workers.js';
import { PublishedFlows } from './published-flows.js';
import { RunPlaces } from './run-places.js';
import type { Scope } from './run-scope.js';
import type { StepState } from './run-steps.js';

export interface SummaryRow {
  id: RunId;
  flow_id: FlowId;
  flow_name: string | null;
  version: number;
  state: string;
  form_id: FormId | null;
  record_id: RecordId | null;
  started_at: string;
  finished_at: string | null;
  error: string | null;
  error_en: string | null;
  app_id: AppId | null;
  failed_node: string | null;
}

export const pageSize = 50;
export const selectRuns = `SELECT r.id, r.flow_id, f.name AS flow_name, f.app_id, r.version, r.state, r.form_id, r.record_id, r.started_at, r.finished_at, r.error, r.error_en,
  CASE WHEN r.state = 'failed' THEN (SELECT coalesce(nullif(n->>'name', ''), n->>'type') FROM lianke.step s
    JOIN lianke.flow_version v ON v.tenant_id = r.tenant_id AND v.flow_id = r.flow_id AND v.version = r.version
    CROSS JOIN LATERAL jsonb_array_elements(v.definition->'nodes') n
    WHERE s.tenant_id = r.tenant_id AND s.run_id = r.id AND s.state = 'failed' AND n->>'id' = s.node ORDER BY s.finished_at DESC LIMIT 1) END AS failed_node
  FROM lianke.run r LEFT JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id`;

/** What the states on screen are in the table. */
const storedStates: Record<string, string[]> = { running: ['ready', 'calling'] };
export const statesOf = (state: string | undefined): string[] | null =>
  state === undefined || state === '' ? null : (storedStates[state] ?? [state]);

/** What ran, step by step, and running a failed step again. */
@Injectable()
export class RunsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly access: AccessService,
    private readonly workers: FlowWorkers,
    private readonly flows: PublishedFlows,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async ofFlow(
    ctx: TenantContext,
    flowId: FlowId,
    query: { cursor?: string | undefined; state?: string | undefined },
  ): Promise<{ items: RunSummary[]; cursor: string | null }> {
    await this.access.requireSomeDesign(ctx);
    const rows = await this.database.withTenant(ctx, async (tx) => {
      const [flow] = await tx.sql<{ app_id: string }>('SELECT app_id FROM lianke.flow WHERE id = $1', [flowId]);
      if (!flow || !(await this.access.mayDesign(ctx, flow.app_id))) throw new AppError('not_found');
      return tx.sql<SummaryRow>(
        `${selectRuns} WHERE r.flow_id = $1 AND ($2::uuid IS NULL OR r.id < $2::uuid) AND ($3::text[] IS NULL OR r.state = ANY($3)) ORDER BY r.id DESC LIMIT ${pageSize + 1}`,
        [flowId, cursorId(query.cursor), statesOf(query.state)],
      );
    });
    const page = rows.slice(0, pageSize);
    return { items: await this.present(ctx, page), cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null };
  }

  /** Runs that a record started, the newest first, a page at a time; for whoever may see the record. */
  async ofRecord(
    ctx: TenantContext,
    formId: FormId,
    recordId: RecordId,
    cursor?: string,
  ): Promise<{ items: RunSummary[]; cursor: string | null }> {
    const after = cursorId(cursor);
    await this.reader.get(ctx, formId, recordId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<SummaryRow>(
        `${selectRuns} WHERE r.record_id = $1 AND r.form_id = $2 AND ($3::uuid IS NULL OR r.id < $3::uuid) ORDER BY r.id DESC LIMIT ${pageSize + 1}`,
        [recordId, formId, after],
      ),
    );
    const page = rows.slice(0, pageSize);
    return { items: await this.present(ctx, page), cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null };
  }

  async get(ctx: TenantContext, id: RunId): Promise<RunDetail> {
    await this.requireDesign(ctx, id);
    const { run, steps, begun, definition } = await this.database.withTenant(ctx, async (tx) => {
      const [run] = await tx.sql<SummaryRow>(`${selectRuns} WHERE r.id = $1`, [id]);
      if (!run) throw new AppError('not_found');
      const [steps, versions, [begun]] = await Promise.all([
        tx.sql<{
          node: string;
          scope: Scope;
          iteration: number;
          type: string;
          state: StepState;
          started_at: string;
          finished_at: string | null;
          input: Json;
          output: Json;
          error: string | null;
          error_en: string | null;
          attempts: number;
          actors: MemberId[];
        }>(
          `SELECT s.node, s.scope, s.iteration, s.type, s.state, s.started_at, s.finished_at, s.input, s.output, s.error, s.error_en, s.attempts,
             array_remove(array_append(ARRAY(SELECT DISTINCT coalesce(t.decided_by, t.member_id) FROM lianke.task t WHERE t.run_id = s.run_id AND t.node = s.node
               AND t.scope = s.scope AND t.iteration = s.iteration AND t.state IN ('approved','rejected','returned','done')), s.actor_id), NULL) AS actors
           FROM lianke.step s WHERE s.run_id = $1 ORDER BY s.started_at, s.scope, s.node, s.iteration`,
          [id],
        ),
        tx.sql<{ definition: unknown }>(
          'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
          [run.flow_id, run.version],
        ),
        tx.sql<{ starter_id: MemberId | null; input: Json }>('SELECT starter_id, input FROM lianke.run WHERE id = $1', [
          id,
        ]),
      ]);
      return { run, steps, begun, definition: flowDefinition.parse(versions[0]?.definition) };
    });
    const [summary] = await this.present(ctx, [run]);
    if (!summary) throw new AppError('not_found');
    const org = await this.org.of(ctx);
    return {
      ...summary,
      definition,
      starter: begun?.starter_id ? { id: begun.starter_id, label: org.nameOf(begun.starter_id) } : null,
      input: begun?.input ?? null,
      steps: steps.map((step) => ({
        node: step.node,
        scope: step.scope,
        iteration: step.iteration,
        type: step.type,
        name: definition.nodes.find((node) => node.id === step.node)?.name ?? '',
        state: step.state,
        startedAt: step.started_at,
        finishedAt: step.finished_at,
        input: step.input,
        output: toldOutput(step.output, languageIn(ctx)),
        error: toldSaid(step.error, step.error_en, languageIn(ctx)),
        attempts: step.attempts,
        actors: [...new Set(step.actors)].map((id) => ({ id, label: org.nameOf(id) })),
      })),
    };
  }

  /** Goes on from the step that failed; steps done before are not repeated. */
  async retry(ctx: TenantContext, id: RunId): Promise<RunDetail> {
    await this.requireDesign(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      const changed = await tx.run(
        `UPDATE lianke.run SET state = 'ready', error = NULL, attempts = 0, finished_at = NULL, lease_until = NULL WHERE id = $1 AND state = 'failed'`,
        [id],
      );
      if (changed === 0) await this.refuseRetry(tx, id);
      // Whoever tries it again gives the step's own policy its attempts back.
      await tx.run(`UPDATE lianke.step SET attempts = 0, actor_id = $2 WHERE run_id = $1 AND state = 'failed'`, [
        id,
        memberOf(ctx),
      ]);
      // A path whose call failed is carried out from the beginning of that step.
      await tx.run(`UPDATE lianke.branch SET state = 'ready' WHERE run_id = $1 AND state = 'calling'`, [id]);
      tx.afterCommit(() => this.workers.ring());
    });
    return this.get(ctx, id);
  }

  /** A run is for who designs its flow's app; runs of flows deleted since for who designs everything. */
  private async requireDesign(ctx: TenantContext, id: RunId): Promise<void> {
    await this.access.requireSomeDesign(ctx);
    const [flow] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ app_id: string | null }>(
        'SELECT f.app_id FROM lianke.run r LEFT JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id WHERE r.id = $1',
        [id],
      ),
    );
    if (!flow || !(await this.access.mayDesign(ctx, flow.app_id ?? ''))) throw new AppError('not_found');
  }

  /** Leaves the step that failed undone and goes on behind it. Approvals cannot be skipped: somebody must decide. */
  async skip(ctx: TenantContext, id: RunId): Promise<RunDetail> {
    await this.get(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      const { run, definition } = await this.hold(tx, ctx, id);
      if (run.state !== 'failed')
        throw refusal('wrong_state', { zh: '只有失败的运行可以跳过步骤', en: 'only a failed run can skip a step' });
      const [step] = await tx.sql<{ node: string; scope: Scope; iteration: number }>(
        `SELECT node, scope, iteration FROM lianke.step WHERE run_id = $1 AND state = 'failed' ORDER BY finished_at DESC, iteration DESC LIMIT 1`,
        [id],
      );
      const node = definition.nodes.find((item) => item.id === step?.node);
      if (!step || !node)
        throw refusal('wrong_state', { zh: '没有失败的步骤可以跳过', en: 'there is no failed step to skip' });
      const port = portBehind(node);
      if (!port)
        throw refusal('wrong_state', {
          zh: '审批不能跳过，请补上后重试',
          en: 'an approval cannot be skipped; supply what is missing and try again',
        });
      const now = this.clock.now();
      await tx.run(
        `UPDATE lianke.step SET state = 'skipped', actor_id = $5, finished_at = $6 WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4`,
        [id, step.node, step.scope, step.iteration, memberOf(ctx), now],
      );
      await tx.run(
        `UPDATE lianke.run SET state = 'ready', error = NULL, attempts = 0, finished_at = NULL, lease_until = NULL WHERE id = $1`,
        [id],
      );
      await new RunPlaces(tx, { tenantId: ctx.tenantId, runId: id }, definition, now).leave(
        { scope: step.scope, node: step.node },
        port,
      );
      await tx.run('UPDATE lianke.run SET lease_until = NULL WHERE id = $1', [id]);
      tx.afterCommit(() => this.workers.ring());
    });
    return this.get(ctx, id);
  }

  /** Ends a run for good; what waits for people in it is closed. */
  async cancel(ctx: TenantContext, id: RunId): Promise<RunDetail> {
    await this.get(ctx, id);
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const { run, definition } = await this.hold(tx, ctx, id);
      if (!['ready', 'waiting', 'calling', 'failed'].includes(run.state))
        throw refusal('wrong_state', { zh: '这次运行已经结束', en: 'this run has already ended' });
      const by = memberOf(ctx);
      const tasks = await tx.sql<{ id: string }>(`SELECT id FROM lianke.task WHERE run_id = $1 AND state = 'pending'`, [
        id,
      ]);
      const outcome = { zh: `${org.nameOf(by)} 已取消`, en: `Cancelled by ${org.nameOf(by)}` };
      for (const task of tasks)
        await this.notifier.update(tx, ctx, {
          about: { kind: 'task', id: task.id },
          outcome,
          by,
          takeBack: true,
        });
      const places = new RunPlaces(tx, { tenantId: ctx.tenantId, runId: id }, definition, this.clock.now());
      await places.finish('cancelled', outcome);
      tx.afterCommit(() => this.workers.ring());
    });
    return this.get(ctx, id);
  }

  private async hold(tx: Tx, ctx: TenantContext, id: RunId) {
    const [run] = await tx.sql<{ flow_id: FlowId; version: number; state: string }>(
      'SELECT flow_id, version, state FROM lianke.run WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!run) throw new AppError('not_found');
    return { run, definition: await this.flows.version(ctx, run.flow_id, run.version) };
  }

  private async refuseRetry(tx: Tx, id: RunId): Promise<never> {
    const rows = await tx.sql('SELECT 1 FROM lianke.run WHERE id = $1', [id]);
    throw rows.length === 0
      ? new AppError('not_found')
      : refusal('wrong_state', { zh: '只有失败的运行可以重试', en: 'only a failed run can be tried again' });
  }

  /**
   * Rows as pages show them, with the labels of the records that the reader may see. Why one failed is said in words that
   * may hold values of any field: they are for who designs the app.
   */
  async present(ctx: TenantContext, rows: readonly SummaryRow[]): Promise<RunSummary[]> {
    const labels = new Map<string, string>();
    for (const formId of new Set(rows.flatMap((row) => row.form_id ?? []))) {
      const ids = [...new Set(rows.filter((row) => row.form_id === formId).flatMap((row) => row.record_id ?? []))];
      const forms = await this.registry.all(ctx);
      if (!forms.get(formId) || !(await this.access.can(ctx, formId, 'view'))) continue;
      for (const record of await this.reader.getMany(ctx, formId, ids)) labels.set(record.id, record.label);
    }
    const { designs } = await this.access.designer(ctx);
    const language = languageIn(ctx);
    const why = (row: SummaryRow) => toldSaid(row.error, row.error_en, language);
    return rows.map((row) => ({
      id: row.id,
      flowId: row.flow_id,
      flowName: row.flow_name ?? '',
      version: row.version,
      state: row.state === 'ready' || row.state === 'calling' ? 'running' : (row.state as RunSummary['state']),
      record:
        row.form_id && row.record_id
          ? { formId: row.form_id, id: row.record_id, label: labels.get(row.record_id) ?? '' }
          : null,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      error: row.error === null || designs(row.app_id ?? '') ? why(row) : keptWhy[language],
      appId: row.app_id,
      failedAt: row.failed_node,
    }));
  }
}

/** Said of a failure to whoever may see the record alone. */
const keptWhy: Words = { zh: '没有完成，请联系管理员', en: 'It did not finish; tell an administrator' };

/** The way on behind a step that was not done; undefined where only a person can say. */
function portBehind(node: FlowNode): string | undefined {
  if (node.type === 'approval') return undefined;
  if (node.type === 'findRecords') return 'none';
  return node.type === 'branch' ? 'else' : 'next';
}

/** The run a page ends with; `invalid_cursor` for anything else. */
export function cursorId(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!/^[0-9a-f-]{36}$/.test(cursor)) throw new AppError('invalid_cursor');
  return cursor;
}

/** What a step noted for its readers, in their language; all else that it gave is data. */
function toldOutput(output: Json, language: Language): Json {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return output;
  const note = words.safeParse(output.note);
  return note.success ? { ...output, note: note.data[language] } : output;
}

const words = z.object({ zh: z.string(), en: z.string() });
