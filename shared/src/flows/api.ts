import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { flowDefinition } from './definition.js';
import { flowInput } from './triggers.js';

export const flowSummary = z.object({
  id: uuidOf<'flow'>(),
  appId: uuidOf<'app'>(),
  formId: uuidOf<'form'>(),
  name: z.string(),
  /** What starts it. */
  trigger: z.string(),
  /** One sentence in the reader's language: 「当【客户信息表】新增数据时，在【销售任务表】新增一条」. */
  sentence: z.string(),
  enabled: z.boolean(),
  /** Why it switched itself off; null while it runs or was switched off by a person. */
  paused: z.string().nullable(),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  publishedVersion: z.number().int().nullable(),
  /** The draft differs from the published version. */
  dirty: z.boolean(),
  lastWeek: z.object({ runs: z.number().int(), failed: z.number().int() }),
  updatedAt: z.string(),
});
export type FlowSummary = z.infer<typeof flowSummary>;

/** A button that a record's page offers. */
export const recordButton = z.object({ flowId: uuidOf<'flow'>(), label: z.string(), inputs: z.array(flowInput) });
export type RecordButton = z.infer<typeof recordButton>;
/** `pressId`: made by the client once a press; the same id starts one run, however often it is sent. */
export const pressBody = z.object({ pressId: z.uuid(), values: z.record(z.string(), z.json()).default({}) });
export const pressResult = z.object({ runId: uuidOf<'run'>() });

/** A flow's own address for other systems, and the newest request it got there. */
export const flowHook = z.object({ url: z.string(), lastBody: z.json().nullable(), lastAt: z.string().nullable() });
export type FlowHook = z.infer<typeof flowHook>;
/** `runId` null: received and kept to look at, but no flow is switched on. */
export const hookResult = z.object({ runId: uuidOf<'run'>().nullable() });

/** A published version, which never changes, and how many runs still follow it. */
export const flowVersion = z.object({
  version: z.number().int(),
  publishedAt: z.string(),
  by: z.string().nullable(),
  running: z.number().int(),
});
export type FlowVersion = z.infer<typeof flowVersion>;
/** Runs moved to the published version, and those that stand at a step which that no longer has. */
export const migrateResult = z.object({ moved: z.number().int(), left: z.number().int() });
export type MigrateResult = z.infer<typeof migrateResult>;
/** Runs that stand at a step now, and how many of them have failed there. */
export const waitingAt = z.object({ node: z.string(), count: z.number().int(), failed: z.number().int() });
export type WaitingAt = z.infer<typeof waitingAt>;

export const flowFault = z.object({ node: z.string(), message: z.string() });
export const flowDetail = flowSummary.extend({ definition: flowDefinition, faults: z.array(flowFault) });
export type FlowDetail = z.infer<typeof flowDetail>;

export const createFlowBody = z.object({
  appId: uuidOf<'app'>(),
  name: z.string().trim().min(1).max(40),
  definition: flowDefinition,
});
export const updateFlowBody = z.object({
  name: z.string().trim().min(1).max(40).optional(),
  definition: flowDefinition.optional(),
  enabled: z.boolean().optional(),
});

/** What a test run would do, without writing or sending. */
export const testStep = z.object({
  node: z.string(),
  type: z.string(),
  outcome: z.string(),
  lines: z.array(z.object({ label: z.string(), value: z.string() })),
  error: z.string().optional(),
});
export const testFlowBody = z.object({ recordId: uuidOf<'record'>().optional() });
export const testFlowResult = z.object({
  record: z.object({ id: z.string(), label: z.string() }).nullable(),
  steps: z.array(testStep),
});
export type TestFlowResult = z.infer<typeof testFlowResult>;
/** 用最近 N 条试一遍: the draft over each of the last records that it ran for, or would have run for. */
export const mostReplayed = 300;
export const replayFlowBody = z.object({ last: z.number().int().min(1).max(mostReplayed).default(5) });
export const replayFlowResult = z.object({
  items: z.array(
    testFlowResult.extend({
      /** When the flow ran for it, or when it was made or changed last. */
      at: z.string().nullable(),
      /** Records that would be written, and messages, tasks and requests that would go out. */
      writes: z.number().int(),
      sends: z.number().int(),
      failed: z.boolean(),
    }),
  ),
});
export type ReplayFlowResult = z.infer<typeof replayFlowResult>;

export const runState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
export const stepState = z.enum(['running', 'waiting', 'calling', 'done', 'failed', 'skipped']);
export const runSummary = z.object({
  id: uuidOf<'run'>(),
  flowId: uuidOf<'flow'>(),
  flowName: z.string(),
  version: z.number().int(),
  state: runState,
  record: z.object({ formId: z.string(), id: z.string(), label: z.string() }).nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  error: z.string().nullable(),
  appId: z.string().nullable(),
  /** The step it failed at, by its name; null for other runs. */
  failedAt: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;
export const runStep = z.object({
  node: z.string(),
  /** The path it stands on: `''`, or `par#a/` and `loop#3/` for ways and rounds. */
  scope: z.string(),
  /** Which visit of the node on that path, from 0. */
  iteration: z.number().int(),
  type: z.string(),
  name: z.string(),
  state: stepState,
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  input: z.json().nullable(),
  output: z.json().nullable(),
  error: z.string().nullable(),
  /** How often its policy tried it anew. */
  attempts: z.number().int(),
  /** Who acted on it: tried it again, skipped it, decided or filled it in. */
  actors: z.array(z.object({ id: z.string(), label: z.string() })),
});
/** Which runs: across all flows that the reader may design, the newest first. */
export const runQuery = z.object({
  state: runState.optional(),
  flowId: uuidOf<'flow'>().optional(),
  appId: uuidOf<'app'>().optional(),
  formId: uuidOf<'form'>().optional(),
  recordId: uuidOf<'record'>().optional(),
  /** Started at or after, and before. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().optional(),
});
export type RunQuery = z.infer<typeof runQuery>;
/** Failed runs taken on together: each on its own, those left say why. */
export const runActions = ['retry', 'skip', 'cancel'] as const;
export const runsActBody = z.object({ action: z.enum(runActions), ids: z.array(uuidOf<'run'>()).min(1).max(200) });
export const runsActResult = z.object({
  done: z.array(z.string()),
  left: z.array(z.object({ id: z.string(), reason: z.string() })),
});
export type RunsActResult = z.infer<typeof runsActResult>;
export const runDetail = runSummary.extend({
  steps: z.array(runStep),
  definition: flowDefinition,
  /** Who set it off; null where nobody did. */
  starter: z.object({ id: z.string(), label: z.string() }).nullable(),
  /** What it was given beside its record, by the keys of the trigger's inputs. */
  input: z.json().nullable(),
});
export type RunDetail = z.infer<typeof runDetail>;

/** How long runs that are over are kept at least and at most, in days. */
export const runDays = { least: 30, most: 1095, usual: 180 } as const;
/** How long the company keeps what its flows did. What has approvals or copies stays as the record of these. */
export const runRetention = z.object({ days: z.number().int().min(runDays.least).max(runDays.most) });
