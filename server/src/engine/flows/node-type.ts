import type { Words } from '@lianke/shared/errors/issue-text';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import type { FlowDefinition, FlowNode, FlowNodeType } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import type { Said } from '../../kernel/errors/said.js';
import type { TenantContext } from '../context.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import type { StepKey } from './run-steps.js';
import type { RunRecord, RunValues } from './run-values.js';

/** What executing one node may use. Everything it writes goes through `tx`: the step's result commits with its effect. */
export interface StepContext<Node extends FlowNode = FlowNode> {
  tx: Tx;
  ctx: TenantContext;
  runId: RunId;
  flowId: FlowId;
  /** The flow and version that runs; null in a trial. */
  flow: { id: FlowId; version: number } | null;
  /** The definition that runs. */
  definition: FlowDefinition | undefined;
  node: Node;
  /** This execution of the node; `effectKey(step.at)` is what outside effects carry. */
  at: StepKey;
  /** It was carried out before and failed. */
  again: boolean;
  values: RunValues;
  /** The same values in as much as a member's rights to fields let him see them: for what he is told. */
  valuesFor(member: MemberId): Promise<RunValues>;
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
  /** Carries out bodies of this node; `rounds` of a loop follow one another. */
  | { kind: 'open'; bodies: { key: string | number; port: string }[]; output: Json }
  /** Asks another system, outside of any transaction: `call`, then `answered`. */
  | { kind: 'call'; request: Json }
  | { kind: 'end'; output: Json; failed?: Said };

/** What an answer of another system means. */
export type CallOutcome =
  | { kind: 'next'; port: string; output: Json }
  | { kind: 'again'; reason: Said }
  /** This part is done and stays so; the next request follows, with its own attempts. */
  | { kind: 'more'; request: Json }
  /** `passing`: may go away by itself, so the node's policy may ask once more later. */
  | { kind: 'failed'; reason: Said; output: Json; passing?: boolean };

export interface PreviewLine {
  label: string | Words;
  value: string | Words;
}

/** What a trial run says a node would do; a text is what somebody wrote himself. `writes`: the record it would make (`recordId` null) or change. */
export interface Preview {
  outcome: string | Words;
  lines: PreviewLine[];
  port: string | null;
  /** Bodies it would carry out before going on by `port`. */
  bodies?: string[];
  /** The record this node would stand for, where one exists already. */
  stands?: RunRecord;
  /** What it would answer beside a record. */
  answers?: Json;
  /** What a search found, for a loop over it. */
  found?: { formId: FormId; records: RecordId[] };
  writes?: { formId: FormId; recordId: RecordId | null; values: Record<string, Json> };
}

/** One kind of node: how it runs, and what a trial run says it would do. */
export interface NodeType<Type extends FlowNodeType = FlowNodeType> {
  readonly type: Type;
  execute(step: StepContext<Extract<FlowNode, { type: Type }>>): Promise<StepOutcome>;
  /**
   * The same for several runs at once, one outcome each in their order: what they write goes in few statements. What it
   * throws sends each run its own way. Absent where runs are carried on one by one.
   */
  executeAll?(steps: readonly StepContext<Extract<FlowNode, { type: Type }>>[]): Promise<StepOutcome[]>;
  /** Called when a wait set by `execute` has ended by its time. */
  resume?(step: StepContext<Extract<FlowNode, { type: Type }>>): Promise<StepOutcome>;
  /** `resume` of several at once. */
  resumeAll?(steps: readonly StepContext<Extract<FlowNode, { type: Type }>>[]): Promise<StepOutcome[]>;
  preview(step: StepContext<Extract<FlowNode, { type: Type }>>): Promise<Preview>;
  /** Whether a request whose answer never came may be sent once more without a second effect. */
  repeatable?(node: Extract<FlowNode, { type: Type }>): boolean;
  /** Sends the request, with nothing locked; the key is the same in every attempt. Throws when no answer came. */
  call?(node: Extract<FlowNode, { type: Type }>, request: Json, key: string, ctx: TenantContext): Promise<Json>;
  /** How the step ends with that answer; `again` asks once more, `attempt` counts from 1. */
  answered?(node: Extract<FlowNode, { type: Type }>, answer: Json, attempt: number, request: Json): CallOutcome;
}
