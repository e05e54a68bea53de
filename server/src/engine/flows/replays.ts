import { evaluate } from '@lianke/shared/filter/evaluate';
import type { ReplayFlowResult } from '@lianke/shared/flows/api';
import type { FlowDefinition, FlowNodeType } from '@lianke/shared/flows/definition';
import { bringsRecord, filterOf } from '@lianke/shared/flows/triggers';
import type { FlowId, RecordId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';
import { filterFieldOf } from '../records/sql/read-scope.js';
import { requireReach } from './flow-reach.js';
import { TrialRun } from './trial-run.js';

const writing: readonly FlowNodeType[] = ['createRecord', 'updateRecord', 'upsertRecord', 'deleteRecord', 'assign'];
const sending: readonly FlowNodeType[] = [
  'message',
  'email',
  'groupMessage',
  'http',
  'approval',
  'cc',
  'fill',
  'comment',
];

interface Candidate {
  id: RecordId;
  label: string;
  at: string | null;
}

/** Walks a draft over the last records that set the flow off, or would have: what would be written and sent by each. */
@Injectable()
export class Replays {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly access: AccessService,
    private readonly trial: TrialRun,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    ctx: TenantContext,
    flowId: FlowId,
    definition: FlowDefinition,
    last: number,
    language: 'zh' | 'en' = 'zh',
  ): Promise<ReplayFlowResult['items']> {
    await this.access.requireSomeDesign(ctx);
    await requireReach(this.access, await this.registry.all(ctx), ctx, definition);
    const candidates = bringsRecord(definition.trigger) ? await this.candidates(ctx, flowId, definition, last) : [null];
    const items: ReplayFlowResult['items'] = [];
    for (const candidate of candidates) {
      const record = candidate && { id: candidate.id, label: candidate.label };
      const result = await this.trial.walk(ctx, definition, record, language);
      const of = (types: readonly string[]) => result.steps.filter((step) => !step.error && types.includes(step.type));
      items.push({
        ...result,
        at: candidate?.at ?? null,
        writes: of(writing).length,
        sends: of(sending).length,
        failed: result.steps.some((step) => step.error !== undefined),
      });
    }
    return items;
  }

  /** Records of its last runs first, then the newest ones; each once, all of them meeting the draft's condition now. */
  private async candidates(
    ctx: TenantContext,
    flowId: FlowId,
    definition: FlowDefinition,
    last: number,
  ): Promise<Candidate[]> {
    const { trigger } = definition;
    const ran = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ record_id: RecordId; at: string }>(
        `SELECT record_id, max(started_at) AS at FROM lianke.run WHERE flow_id = $1 AND form_id = $2 AND record_id IS NOT NULL
         GROUP BY record_id ORDER BY 2 DESC LIMIT $3`,
        [flowId, trigger.formId, Math.max(100, last)],
      ),
    );
    const found = await this.meeting(
      ctx,
      definition,
      ran.map((run) => run.record_id),
    );
    const chosen = ran.flatMap((run): Candidate[] => {
      const label = found.get(run.record_id);
      return label === undefined ? [] : [{ id: run.record_id, label, at: run.at }];
    });
    const filter = filterOf(trigger);
    const by = trigger.type === 'recordUpdated' ? 'updatedAt' : 'createdAt';
    if (chosen.length >= last) return chosen.slice(0, last);
    const newest = await this.reader.query(ctx, trigger.formId, {
      ...(filter ? { filter } : {}),
      sort: [{ field: by, dir: 'desc' }],
      limit: last + chosen.length,
      total: false,
    });
    for (const record of newest.items) {
      if (chosen.some((other) => other.id === record.id)) continue;
      chosen.push({ id: record.id as RecordId, label: record.label, at: String(record.values[by] ?? '') || null });
    }
    return chosen.slice(0, last);
  }

  /** Labels of the records that are still there for the reader and meet the draft's condition. */
  private async meeting(
    ctx: TenantContext,
    definition: FlowDefinition,
    ids: readonly RecordId[],
  ): Promise<ReadonlyMap<string, string>> {
    const { formId } = definition.trigger;
    const form = await this.registry.form(ctx, formId);
    const filter = filterOf(definition.trigger);
    const views = await this.reader.getMany(ctx, formId, [...ids]);
    const rows = await this.database.withTenant(ctx, (tx) => this.reader.stored(tx, ctx, formId, [...ids]));
    const stored = new Map(rows.map((record) => [record.id as string, record.values]));
    const env = { timeZone: ctx.timeZone, now: this.clock.now(), me: memberOf(ctx), myDepartments: [] };
    const meets = (id: string): boolean => {
      const values = stored.get(id);
      if (!values) return false;
      const lookup = (ref: string) => {
        const field = form.field(ref);
        return field && { field: filterFieldOf(field), value: values[field.id] };
      };
      return !filter || evaluate(filter, lookup, env);
    };
    return new Map(views.filter((view) => meets(view.id)).map((view) => [view.id as string, view.label]));
  }
}
