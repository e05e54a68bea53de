import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import type { FlowNode, FlowNodeType } from '@lianke/shared/flows/definition';
import type { FormId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import type { RunValues } from './run-values.js';

/** What executing one node may use. Everything it writes goes through `tx`: the step's result commits with its effect. */
export interface StepContext<Node extends FlowNode = FlowNode> {
  tx: Tx;
  ctx: TenantContext;
  runId: RunId;
  node: Node;
  values: RunValues;
  forms: TenantForms;
  org: Org;
  starterId: MemberId | null;
  now: Date;
  env: FilterEnv;
  /** The event came with others (an import, a bulk change): messages may be gathered into digests. */
  bulk: boolean;
}

/** How a node ended. `output.record` makes its record available to later nodes. */
export type StepOutcome =
  | { kind: 'next'; port: string; output: Json }
  | { kind: 'wait'; until: Date | null; output: Json }
  | { kind: 'end'; output: Json };

export interface PreviewLine {
  label: string;
  value: string;
}

/** What a trial run says a node would do. `writes`: the record it would make (`recordId` null) or change. */
export interface Preview {
  outcome: string;
  lines: PreviewLine[];
  port: string | null;
  writes?: { formId: FormId; recordId: RecordId | null; values: Record<string, Json> };
}

/** One kind of node: how it runs, and what a trial run says it would do. */
export interface NodeType<Type extends FlowNodeType = FlowNodeType> {
  readonly type: Type;
  execute(step: StepContext<Extract<FlowNode, { type: Type }>>): Promise<StepOutcome>;
  /** Called when a wait set by `execute` has ended by its time. */
  resume?(step: StepContext<Extract<FlowNode, { type: Type }>>): Promise<StepOutcome>;
  preview(step: StepContext<Extract<FlowNode, { type: Type }>>): Promise<Preview>;
}
