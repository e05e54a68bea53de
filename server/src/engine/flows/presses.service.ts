import { evaluate } from '@lianke/shared/filter/evaluate';
import type { RecordButton } from '@lianke/shared/flows/api';
import type { FlowId, FormId, RecordId, RunId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { filterFieldOf } from '../records/sql/read-scope.js';
import { readInputs } from './flow-inputs.js';
import { FlowWorkers } from './flow-workers.js';
import { type PublishedFlow, PublishedFlows } from './published-flows.js';
import { eventIdOf, insertRuns } from './run-starts.js';

type ButtonFlow = PublishedFlow & { definition: { trigger: { type: 'button' } } };

/** Buttons on a record's page that start flows. */
@Injectable()
export class PressesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
    private readonly flows: PublishedFlows,
    private readonly workers: FlowWorkers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The buttons that a record offers now, to whoever may see it. */
  async offered(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<RecordButton[]> {
    await this.reader.get(ctx, formId, recordId);
    const flows = (await this.flows.watching(ctx, formId)).filter(isButton);
    if (flows.length === 0) return [];
    const holding = await this.database.withTenant(ctx, (tx) => this.holding(tx, ctx, formId, recordId, flows));
    return holding.map((flow) => ({
      flowId: flow.id,
      label: flow.definition.trigger.label,
      inputs: flow.definition.trigger.inputs,
    }));
  }

  /**
   * Starts the button's flow on the record, as the presser. The same `pressId` starts one run, however often it comes.
   * Throws `not_found` for a record or button that is not there, `wrong_state` when its condition no longer holds.
   */
  async press(
    ctx: TenantContext,
    at: { formId: FormId; recordId: RecordId; flowId: FlowId },
    press: { pressId: string; values: Record<string, unknown> },
  ): Promise<{ runId: RunId }> {
    await this.reader.get(ctx, at.formId, at.recordId);
    const flow = (await this.flows.watching(ctx, at.formId)).filter(isButton).find((item) => item.id === at.flowId);
    if (!flow) return this.refuse(ctx, at.flowId);
    const { trigger } = flow.definition;
    const input = readInputs(trigger.inputs, (item) => press.values[item.key]);
    const org = await this.org.of(ctx);
    for (const item of trigger.inputs) {
      const value = input[item.key];
      if (item.type === 'member' && value && !org.members.has(value as never))
        throw refusal('invalid_request', {
          zh: `“${item.label}”不是这家企业的成员`,
          en: `the one chosen for "${item.label}" is not a member of this company; choose somebody else`,
        });
    }
    return this.database.withTenant(ctx, async (tx) => {
      const eventId = eventIdOf('press', memberOf(ctx) ?? '', press.pressId);
      const [known] = await tx.sql<{ id: RunId }>('SELECT id FROM lianke.run WHERE flow_id = $1 AND event_id = $2', [
        flow.id,
        eventId,
      ]);
      if (known) return { runId: known.id };
      const [offered] = await this.holding(tx, ctx, at.formId, at.recordId, [flow]);
      if (!offered)
        throw refusal('wrong_state', {
          zh: `现在不能“${trigger.label}”：数据已经变了，请刷新`,
          en: `"${trigger.label}" is not possible now: the record has changed; reload the page`,
        });
      const start = {
        ...{ flowId: flow.id, version: flow.version, eventId, formId: at.formId, recordId: at.recordId },
        ...{ batchId: null, starterId: memberOf(ctx), door: ctx.cause.door, depth: 0, input },
      };
      const made = await insertRuns(tx, ctx, [start], this.clock.now());
      const runId = made.get(eventId);
      tx.afterCommit(() => this.workers.ring());
      if (runId) return { runId };
      const [other] = await tx.sql<{ id: RunId }>('SELECT id FROM lianke.run WHERE flow_id = $1 AND event_id = $2', [
        flow.id,
        eventId,
      ]);
      return { runId: other?.id as RunId };
    });
  }

  private refuse(ctx: TenantContext, flowId: FlowId): Promise<never> {
    return this.database.withTenant(ctx, async (tx) => {
      const known = await tx.sql('SELECT 1 FROM lianke.flow WHERE id = $1', [flowId]);
      throw known.length === 0
        ? new AppError('not_found')
        : refusal('wrong_state', {
            zh: '这个按钮已停用，请刷新页面',
            en: 'this button was switched off; reload the page',
          });
    });
  }

  /** Those of the flows whose condition the record meets as it is stored. */
  private async holding(tx: Tx, ctx: TenantContext, formId: FormId, recordId: RecordId, flows: readonly ButtonFlow[]) {
    const form = await this.registry.form(ctx, formId);
    const [record] = await this.reader.stored(tx, ctx, formId, [recordId]);
    if (!record) throw new AppError('not_found');
    const lookup = (ref: string) => {
      const field = form.field(ref);
      return field && { field: filterFieldOf(field), value: record.values[field.id] };
    };
    const env = { timeZone: ctx.timeZone, now: this.clock.now(), me: memberOf(ctx), myDepartments: [] };
    return flows.filter((flow) => {
      const { filter } = flow.definition.trigger;
      return !filter || evaluate(filter, lookup, env);
    });
  }
}

function isButton(flow: PublishedFlow): flow is PublishedFlow & { definition: { trigger: { type: 'button' } } } {
  return flow.definition.trigger.type === 'button';
}
