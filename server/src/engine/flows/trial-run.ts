import type { Words } from '@lianke/shared/errors/issue-text';
import type { TestFlowResult } from '@lianke/shared/flows/api';
import { type FlowDefinition, type FlowNode, firstNode, nextNode } from '@lianke/shared/flows/definition';
import { bringsRecord, inputsOf } from '@lianke/shared/flows/triggers';
import type { FlowId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, reasonIn } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import type { StoredValues } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import { requireReach } from './flow-reach.js';
import type { Preview } from './node-type.js';
import { NodeTypes } from './node-types.js';
import { RunContexts } from './run-context.js';
import { ownPath } from './run-scope.js';
import type { RunRecord, RunValuesEnv } from './run-values.js';

const maxSteps = 200;

/** Walks a draft over a real record and says what each step would write and send; nothing is written or sent. */
@Injectable()
export class TrialRun {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly access: AccessService,
    private readonly nodes: NodeTypes,
    private readonly contexts: RunContexts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Over the given record, or the newest one. */
  async run(
    ctx: TenantContext,
    definition: FlowDefinition,
    recordId: RecordId | undefined,
    language: 'zh' | 'en' = 'zh',
  ): Promise<TestFlowResult> {
    await this.access.requireSomeDesign(ctx);
    await requireReach(this.access, await this.registry.all(ctx), ctx, definition);
    const { formId } = definition.trigger;
    if (!bringsRecord(definition.trigger)) return this.walk(ctx, definition, null, language);
    const chosen = recordId
      ? await this.reader.get(ctx, formId, recordId)
      : (await this.reader.query(ctx, formId, { limit: 1, total: false })).items[0];
    if (!chosen) return { record: null, steps: [] };
    return this.walk(ctx, definition, { id: chosen.id as RecordId, label: chosen.label }, language);
  }

  /** Over a record, or without one. */
  async walk(
    ctx: TenantContext,
    definition: FlowDefinition,
    record: { id: RecordId; label: string } | null,
    language: 'zh' | 'en' = 'zh',
  ): Promise<TestFlowResult> {
    const walk = new TrialWalk(ctx, definition, this.clock.now(), await this.registry.all(ctx), await this.org.of(ctx));
    walk.language = language;
    if (record) walk.records.set('trigger', { formId: definition.trigger.formId, recordId: record.id });
    walk.outputs.set('input', sampleInput(definition));
    await this.database.withTenant(ctx, (tx) => this.follow(tx, walk, firstNode(definition)));
    return { record, steps: walk.steps };
  }

  /** Walks from a node to the end of its body; answers whether the trial may go on. */
  private async follow(tx: Tx, walk: TrialWalk, from: string | null): Promise<boolean> {
    for (let at = from; at; ) {
      const node: FlowNode | undefined = walk.definition.nodes.find((item) => item.id === at);
      if (!node || walk.steps.length >= maxSteps) return false;
      const preview = await this.preview(tx, walk, node);
      if (!preview) return false;
      walk.note(node, preview);
      for (const body of preview.bodies ?? [])
        if (!(await this.follow(tx, walk, nextNode(walk.definition, node.id, body)))) return false;
      if (node.type === 'end') return false;
      at = preview.port && nextNode(walk.definition, node.id, preview.port);
    }
    return true;
  }

  private async preview(tx: Tx, walk: TrialWalk, node: FlowNode): Promise<Preview | undefined> {
    const { ctx, records, outputs } = walk;
    const run = {
      ...{ runId: '' as RunId, flowId: '' as FlowId, starterId: memberOf(ctx), bulk: false, records, outputs },
      load: this.over(walk.written),
      definition: walk.definition,
    };
    const at = { node, scope: ownPath, iteration: 0 };
    const context = this.contexts.with(tx, ctx, run, at, walk.now, walk.forms, walk.org);
    try {
      return await this.nodes.get(node.type).preview(context as never);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const outcome = { zh: '会在这里停下', en: 'It would stop here' }[walk.language];
      const message = reasonIn(error, walk.language);
      walk.steps.push({ node: node.id, type: node.type, outcome, lines: [], error: message });
      return undefined;
    }
  }

  /** Stored records, with what earlier steps of the trial would have written laid over them. */
  private over(written: ReadonlyMap<RecordId, StoredValues>): RunValuesEnv['load'] {
    return async (tx, ctx, formId, ids) => {
      const stored = await this.reader.stored(tx, ctx, formId, ids);
      return ids.flatMap((id) => {
        const record = stored.find((item) => item.id === id);
        const values = written.get(id);
        if (!values) return record ? [record] : [];
        return [{ id, version: record?.version ?? 0, values: { ...record?.values, ...values } }];
      });
    };
  }
}

/** Something of each input's kind, as nobody has filled it in. */
function sampleInput(definition: FlowDefinition): Json {
  const samples = { number: '1', date: '2026-01-01', datetime: '2026-01-01T00:00:00.000Z', switch: true } as const;
  return Object.fromEntries(
    inputsOf(definition.trigger).map((input) => [
      input.key,
      input.type === 'member'
        ? null
        : input.type === 'select'
          ? (input.options?.[0] ?? '')
          : (samples[input.type as 'number'] ?? `（${input.label}）`),
    ]),
  );
}

/** What a trial has come by so far. */
class TrialWalk {
  /** Of whoever reads what stops the trial. */
  language: 'zh' | 'en' = 'zh';
  readonly steps: TestFlowResult['steps'] = [];
  readonly records = new Map<string, RunRecord>();
  readonly outputs = new Map<string, Json>();
  readonly written = new Map<RecordId, StoredValues>();

  constructor(
    readonly ctx: TenantContext,
    readonly definition: FlowDefinition,
    readonly now: Date,
    readonly forms: TenantForms,
    readonly org: Org,
  ) {}

  /** Later nodes refer to what this one found or would have written. */
  note(node: FlowNode, preview: Preview): void {
    const say = (said: string | Words) => (typeof said === 'string' ? said : said[this.language]);
    const lines = preview.lines.map(({ label, value }) => ({ label: say(label), value: say(value) }));
    this.steps.push({ node: node.id, type: node.type, outcome: say(preview.outcome), lines });
    if (preview.answers !== undefined) this.outputs.set(node.id, preview.answers);
    if (preview.found) this.outputs.set(node.id, preview.found);
    if (preview.stands) this.records.set(node.id, preview.stands);
    if (!preview.writes) return;
    const id = preview.writes.recordId ?? unwritten(this.steps.length);
    this.records.set(node.id, { formId: preview.writes.formId, recordId: id });
    this.written.set(id, { ...this.written.get(id), ...preview.writes.values });
  }
}

/** An id that no record has: the trial's `step`-th step would have made it. */
function unwritten(step: number): RecordId {
  return `00000000-0000-0000-0000-${String(step).padStart(12, '0')}` as RecordId;
}
