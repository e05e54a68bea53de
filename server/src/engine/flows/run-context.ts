import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { groupBy } from '../../kernel/group-by.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta } from '../forms/form-meta.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import type { StoredRecord } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import type { ChainMemory } from './chain-memory.js';
import type { StepContext } from './node-type.js';
import { inList } from './run-lists.js';
import { ownPath, roundsIn, type Scope, scopesAround } from './run-scope.js';
import { readSteps, type StepRow } from './run-steps.js';
import { type RunRecord, RunValues, type RunValuesEnv } from './run-values.js';

/** What of a run its steps read. */
export interface RunFacts {
  id: RunId;
  flow_id: FlowId;
  version: number;
  form_id: FormId | null;
  record_id: RecordId | null;
  starter_id: MemberId | null;
  door: string;
  input: Json;
}

interface ContextOptions {
  withDeleted?: boolean;
  definition?: FlowDefinition;
  load?: RunValuesEnv['load'];
  /** What the steps before in the same transaction know. */
  memory?: ChainMemory | undefined;
}

/** Makes what a node sees while it is carried out: the trigger's record, results of nodes before, the loops around it. */
@Injectable()
export class RunContexts {
  constructor(
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly access: AccessService,
  ) {}

  async of(
    tx: Tx,
    ctx: TenantContext,
    run: RunFacts,
    place: { node: FlowNode; scope: Scope },
    now: Date,
    options: ContextOptions = {},
  ): Promise<StepContext> {
    const [forms, org, rows] = await Promise.all([
      this.registry.all(ctx),
      this.org.of(ctx),
      options.memory?.stepsAround(place.scope) ?? readSteps(tx, ctx.tenantId, [run.id], scopesAround(place.scope)),
    ]);
    const rounds = await this.listedRounds(tx, ctx, run.id, rows, place.scope);
    return this.from(tx, ctx, run, rows, place, now, forms, org, options, rounds);
  }

  /** The records at hand in loops over lists that no result holds. */
  private async listedRounds(tx: Tx, ctx: TenantContext, runId: RunId, rows: readonly StepRow[], scope: Scope) {
    const found = new Map<string, RecordId>();
    for (const [loop, round] of roundsIn(scope)) {
      const listed = rows.findLast((row) => row.node === loop)?.output?.listed;
      const id = listed && (await inList(tx, { tenantId: ctx.tenantId, runId }, listed, round));
      if (id) found.set(loop, id);
    }
    return found;
  }

  /** The same for several runs that stand at one node of their own path; what their records hold is read at once. */
  async ofAll(
    tx: Tx,
    ctx: TenantContext,
    runs: readonly RunFacts[],
    node: FlowNode,
    now: Date,
    options: ContextOptions = {},
  ): Promise<StepContext[]> {
    const [forms, org, rows] = await Promise.all([
      this.registry.all(ctx),
      this.org.of(ctx),
      readSteps(
        tx,
        ctx.tenantId,
        runs.map((run) => run.id),
        scopesAround(ownPath),
      ),
    ]);
    const byRun = groupBy(rows, (row) => row.runId);
    const load = this.together(
      runs.flatMap((run) => (run.form_id && run.record_id ? [{ formId: run.form_id, recordId: run.record_id }] : [])),
      options.withDeleted ?? false,
    );
    return runs.map((run) => {
      const own = { ...ctx, cause: { ...ctx.cause, runId: run.id } };
      const place = { node, scope: ownPath };
      return this.from(tx, own, run, byRun.get(run.id) ?? [], place, now, forms, org, { ...options, load });
    });
  }

  /** Reads all the given records of a form when the first of them is asked for; others one by one. */
  private together(records: readonly RunRecord[], withDeleted: boolean): RunValuesEnv['load'] {
    const byForm = groupBy(records, (record) => record.formId);
    const reading = new Map<FormId, Promise<Map<RecordId, StoredRecord>>>();
    return async (tx, ctx, formId, ids) => {
      const known = byForm.get(formId)?.map((record) => record.recordId) ?? [];
      if (!ids.every((id) => known.includes(id))) return this.reader.stored(tx, ctx, formId, ids, { withDeleted });
      let found = reading.get(formId);
      if (!found) {
        found = this.reader
          .stored(tx, ctx, formId, known, { withDeleted })
          .then((rows) => new Map(rows.map((row) => [row.id, row])));
        reading.set(formId, found);
      }
      const rows = await found;
      return ids.flatMap((id) => rows.get(id) ?? []);
    };
  }

  private from(
    tx: Tx,
    ctx: TenantContext,
    run: RunFacts,
    rows: readonly StepRow[],
    place: { node: FlowNode; scope: Scope },
    now: Date,
    forms: TenantForms,
    org: Org,
    options: ContextOptions,
    listed: ReadonlyMap<string, RecordId> = new Map(),
  ): StepContext {
    const records = new Map<string, RunRecord>();
    const outputs = new Map<string, Json>([['input', run.input ?? {}]]);
    if (run.form_id && run.record_id) records.set('trigger', { formId: run.form_id, recordId: run.record_id });
    // Inner paths and later visits come last and so count.
    for (const row of rows) {
      if (row.state !== 'done' && row.state !== 'waiting') continue;
      if (row.output?.record) records.set(row.node, row.output.record);
      if (row.output !== null) outputs.set(row.node, row.output as Json);
    }
    for (const [loop, round] of roundsIn(place.scope)) {
      const found = rows.findLast((row) => row.node === loop)?.output;
      const recordId = found?.records?.[round] ?? listed.get(loop);
      if (found?.formId && recordId) records.set(loop, { formId: found.formId, recordId });
    }
    const mine = rows.filter((row) => row.node === place.node.id && row.scope === place.scope);
    const last = mine.at(-1);
    const open = last && (last.state === 'waiting' || last.state === 'calling' || last.state === 'failed');
    const iteration = last ? last.iteration + (open ? 0 : 1) : 0;
    return this.with(
      tx,
      ctx,
      {
        runId: run.id,
        flowId: run.flow_id,
        flow: { id: run.flow_id, version: run.version },
        starterId: run.starter_id,
        bulk: run.door === 'import',
        records,
        outputs,
        ...options,
      },
      { node: place.node, scope: place.scope, iteration, again: last?.state === 'failed' },
      now,
      forms,
      org,
    );
  }

  /** Of the stored records only what the run's member may see, and may see in clear. */
  private async readable(tx: Tx, ctx: TenantContext, formId: FormId, ids: RecordId[]): Promise<StoredRecord[]> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    const found: StoredRecord[] = [];
    for (const record of await this.reader.stored(tx, ctx, formId, ids)) {
      const view = await this.reader.get(ctx, formId, record.id, tx).catch(() => undefined);
      if (!view) continue;
      const stars = (field: FieldMeta) => access.masks(field) || view.masked?.includes(field.key) === true;
      const open = form.fields.filter((field) => field.key in view.values && !stars(field));
      const values = Object.fromEntries(open.map((field) => [field.id, record.values[field.id] ?? null]));
      found.push({ ...record, values });
    }
    return found;
  }

  private async valuesFor(ctx: TenantContext, org: Org, values: RunValues, memberId: MemberId): Promise<RunValues> {
    const access = await this.access.ofForms({ ...ctx, actor: { kind: 'member', memberId } });
    return values.as(access, org.languageOf(memberId));
  }

  with(
    tx: Tx,
    ctx: TenantContext,
    run: {
      runId: RunId;
      flowId: FlowId;
      flow?: StepContext['flow'];
      starterId: MemberId | null;
      bulk: boolean;
      records: ReadonlyMap<string, RunRecord>;
      outputs?: ReadonlyMap<string, Json>;
      /** A trial run's own view of records; stored ones when absent. */
      load?: RunValuesEnv['load'];
      /** The trigger's record may lie in the recycle bin. */
      withDeleted?: boolean;
      definition?: FlowDefinition;
    },
    at: { node: FlowNode; scope: Scope; iteration: number; again?: boolean },
    now: Date,
    forms: TenantForms,
    org: Org,
  ): StepContext {
    const values = new RunValues({
      tx,
      ctx,
      forms,
      org,
      now,
      starterId: run.starterId,
      records: run.records,
      outputs: run.outputs ?? new Map(),
      definition: run.definition,
      load:
        run.load ??
        ((tx, ctx, formId, ids) =>
          ctx.actor.kind === 'member'
            ? this.readable(tx, ctx, formId, ids)
            : this.reader.stored(tx, ctx, formId, ids, { withDeleted: run.withDeleted ?? false })),
    });
    const told = new Map<MemberId, Promise<RunValues>>();
    const valuesFor = (member: MemberId): Promise<RunValues> => {
      const known = told.get(member) ?? this.valuesFor(ctx, org, values, member);
      told.set(member, known);
      return known;
    };
    return {
      tx,
      ctx,
      valuesFor,
      runId: run.runId,
      flowId: run.flowId,
      flow: run.flow ?? null,
      definition: run.definition,
      node: at.node,
      at: { runId: run.runId, node: at.node.id, scope: at.scope, iteration: at.iteration },
      again: at.again ?? false,
      values,
      forms,
      org,
      starterId: run.starterId,
      now,
      env: { timeZone: ctx.timeZone, now, me: run.starterId, myDepartments: [] },
      bulk: run.bulk,
    };
  }
}
