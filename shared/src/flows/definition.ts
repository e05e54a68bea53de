import { z } from 'zod';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { assignment, cardFact, personExpr, valueExpr } from './values.js';

const formId = uuidOf<'form'>();

export const trigger = z.discriminatedUnion('type', [
  z.object({ type: z.literal('recordCreated'), formId, filter: filter.optional() }),
  /** `fields`: only when one of these changed; any when empty. `filter` is met by the after-image. */
  z.object({
    type: z.literal('recordUpdated'),
    formId,
    fields: z.array(z.string()).default([]),
    filter: filter.optional(),
  }),
  /** Created or changed so that `filter` begins to hold (it did not before). */
  z.object({ type: z.literal('entersFilter'), formId, filter }),
]);
export type Trigger = z.infer<typeof trigger>;

const base = {
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
  name: z.string().max(40).default(''),
  position: z.object({ x: z.number(), y: z.number() }).optional(),
};

/** 新增数据 */
export const createRecordNode = z.object({
  ...base,
  type: z.literal('createRecord'),
  formId,
  assignments: z.array(assignment).max(200),
});
/** 修改数据: changes the record that `target` names (`trigger` or an earlier node's id). */
export const updateRecordNode = z.object({
  ...base,
  type: z.literal('updateRecord'),
  target: z.string().default('trigger'),
  assignments: z.array(assignment).min(1).max(200),
});
/** 条件分支: the first case that holds leads on, port `case:<id>`; none leads to port `else`. Filters read the trigger record as it is now. */
export const branchNode = z.object({
  ...base,
  type: z.literal('branch'),
  cases: z
    .array(z.object({ id: z.string().regex(/^[a-zA-Z0-9_-]{1,20}$/), name: z.string().max(40).default(''), filter }))
    .min(1)
    .max(20),
});
/** 延时: a duration, or until a date field's value. */
export const delayNode = z.object({
  ...base,
  type: z.literal('delay'),
  wait: z.union([
    z.object({
      kind: z.literal('for'),
      amount: z.number().int().min(1).max(10_000),
      unit: z.enum(['minute', 'hour', 'day']),
    }),
    z.object({ kind: z.literal('until'), value: valueExpr }),
  ]),
});
/** 发消息: a card in the receivers' chat. `kind: task` is a reminder of a task record with 完成 in the card. */
export const messageNode = z.object({
  ...base,
  type: z.literal('message'),
  kind: z.enum(['notice', 'task']).default('notice'),
  to: z.array(personExpr).min(1).max(10),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** The record the card opens: `trigger` or an earlier node's id. */
  record: z.string().default('trigger'),
});
/** 审批: ports `approved` and `rejected`. */
export const approvalNode = z.object({
  ...base,
  type: z.literal('approval'),
  approvers: z.array(personExpr).min(1).max(10),
  /** any: the first answer decides (或签). all: everyone must agree, one refusal refuses (会签). */
  mode: z.enum(['any', 'all']).default('any'),
  /** Nobody found: pass, refuse, or ask the administrators. */
  whenEmpty: z.enum(['pass', 'reject', 'admin']).default('admin'),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** A refusal needs a reason. */
  commentOnReject: z.boolean().default(false),
});
/** 结束 with a result shown in the run list. */
export const endNode = z.object({ ...base, type: z.literal('end'), message: z.string().max(200).optional() });

export const flowNode = z.discriminatedUnion('type', [
  createRecordNode,
  updateRecordNode,
  branchNode,
  delayNode,
  messageNode,
  approvalNode,
  endNode,
]);
export type FlowNode = z.infer<typeof flowNode>;
export type FlowNodeType = FlowNode['type'];

/** `from` is a node id or `trigger`; `port` is needed where the node has several ways on. */
export const flowEdge = z.object({ from: z.string(), to: z.string(), port: z.string().max(40).optional() });
export type FlowEdge = z.infer<typeof flowEdge>;

export const flowDefinition = z.object({
  trigger,
  triggerPosition: z.object({ x: z.number(), y: z.number() }).optional(),
  nodes: z.array(flowNode).max(200),
  edges: z.array(flowEdge).max(400),
});
export type FlowDefinition = z.infer<typeof flowDefinition>;

/** A fault of a definition: the node at fault (`trigger` or a node id), and what to mend. */
export interface FlowFault {
  node: string;
  message: string;
}

/** The ports a node offers, in order; `next` is the single way on. */
export function portsOf(node: FlowNode): string[] {
  switch (node.type) {
    case 'branch':
      return [...node.cases.map((item) => `case:${item.id}`), 'else'];
    case 'approval':
      return ['approved', 'rejected'];
    case 'end':
      return [];
    default:
      return ['next'];
  }
}
