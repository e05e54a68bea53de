import { errorCodes, fillMessage } from '@lianke/shared/errors/codes';
import type { TestFlowResult } from '@lianke/shared/flows/api';
import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { RecordId, RunId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import type { StoredValues } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import { NodeTypes } from './node-types.js';
import type { RunRecord, RunValuesEnv } from './run-values.js';
import { firstNode, nextNode, Runner } from './runner.js';

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
    private readonly runner: Runner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Over the given record, or the newest one. */
  async run(ctx: TenantContext, definition: FlowDefinition, recordId: RecordId | undefined): Promise<TestFlowResult> {
    await this.access.require(ctx, 'design');
    const { formId } = definition.trigger;
    const chosen = recordId
      ? await this.reader.get(ctx, formId, recordId)
      : (await this.reader.query(ctx, formId, { limit: 1, total: false })).items[0];
    if (!chosen) return { record: null, steps: [] };
    const [forms, org] = [await this.registry.all(ctx), await this.org.of(ctx)];
    const records = new Map<string, RunRecord>([['trigger', { formId, recordId: chosen.id as RecordId }]]);
    const written = new Map<RecordId, StoredValues>();
    const steps: TestFlowResult['steps'] = [];
    await this.database.withTenant(ctx, async (tx) => {
      let at = firstNode(definition) ?? null;
      while (at && steps.length < maxSteps) {
        const node: FlowNode | undefined = definition.nodes.find((item) => item.id === at);
        if (!node) break;
        const context = this.runner.contextWith(
          tx,
          ctx,
          { runId: '' as RunId, starterId: memberOf(ctx), bulk: false, records, load: this.over(written) },
          node,
          this.clock.now(),
          forms,
          org,
        );
        try {
          const preview = await this.nodes.get(node.type).preview(context as never);
          steps.push({ node: node.id, type: node.type, outcome: preview.outcome, lines: preview.lines });
          // Later nodes refer to what this one would have written.
          if (preview.writes) {
            const id = preview.writes.recordId ?? unwritten(steps.length);
            records.set(node.id, { formId: preview.writes.formId, recordId: id });
            written.set(id, { ...written.get(id), ...preview.writes.values });
          }
          at = preview.port ? nextNode(definition, node.id, preview.port) : null;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          steps.push({
            node: node.id,
            type: node.type,
            outcome: '会在这里停下',
            lines: [],
            error: fillMessage(errorCodes[error.code].zh, error.params),
          });
          break;
        }
      }
    });
    return { record: { id: chosen.id, label: chosen.label }, steps };
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

/** An id that no record has: the trial's `step`-th step would have made it. */
function unwritten(step: number): RecordId {
  return `00000000-0000-0000-0000-${String(step).padStart(12, '0')}` as RecordId;
}
