import { z } from 'zod';
import { approvalNode, approvalSettings, ccNode } from './nodes/approval.js';
import { branchNode, delayNode, endNode, loopNode, parallelNode } from './nodes/control.js';
import { aggregateNode, assignNode, subflowNode, upsertRecordNode } from './nodes/data.js';
import { commentNode, fillNode } from './nodes/fill.js';
import { emailNode, groupMessageNode, httpNode } from './nodes/outside.js';
import { messageNode } from './nodes/people.js';
import { createRecordNode, deleteRecordNode, findRecordsNode, updateRecordNode } from './nodes/records.js';
import { setVariablesNode, transformNode } from './nodes/variables.js';
import { trigger } from './triggers.js';

export const flowNode = z.discriminatedUnion('type', [
  createRecordNode,
  updateRecordNode,
  upsertRecordNode,
  deleteRecordNode,
  findRecordsNode,
  aggregateNode,
  assignNode,
  subflowNode,
  setVariablesNode,
  transformNode,
  branchNode,
  parallelNode,
  loopNode,
  delayNode,
  messageNode,
  approvalNode,
  ccNode,
  fillNode,
  commentNode,
  httpNode,
  emailNode,
  groupMessageNode,
  endNode,
]);
export type FlowNode = z.infer<typeof flowNode>;
export type FlowNodeType = FlowNode['type'];

/** `from` is a node id or `trigger`; `port` is needed where the node has several ways on. */
export const flowEdge = z.object({ from: z.string(), to: z.string(), port: z.string().max(40).optional() });
export type FlowEdge = z.infer<typeof flowEdge>;

/** Whose rights its steps have; the system's, which are all, when absent. */
export const runAs = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starter') }),
  z.object({ kind: z.literal('member'), id: z.string() }),
]);

export const flowDefinition = z.object({
  trigger,
  runAs: runAs.optional(),
  triggerPosition: z.object({ x: z.number(), y: z.number() }).optional(),
  nodes: z.array(flowNode).max(200),
  edges: z.array(flowEdge).max(400),
  /** Rules of its approvals; the defaults when absent. */
  approval: approvalSettings.optional(),
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
    case 'findRecords':
      return ['next', 'none'];
    case 'http':
      return ['next', 'failed'];
    case 'end':
      return [];
    default:
      return [...bodyPortsOf(node), 'next'];
  }
}

/** Ports behind which a body begins: nodes carried out inside this one, before it goes on by `next`. */
export function bodyPortsOf(node: FlowNode): string[] {
  switch (node.type) {
    case 'parallel':
      return node.ways.map((way) => `way:${way.id}`);
    case 'loop':
      return ['each'];
    default:
      return [];
  }
}

/** The node a port leads to; an edge without a port leaves by `next`. */
export function nextNode(definition: FlowDefinition, from: string, port: string): string | null {
  return definition.edges.find((edge) => edge.from === from && (edge.port ?? 'next') === port)?.to ?? null;
}

/** The first node after the trigger; null for a flow without any. */
export function firstNode(definition: FlowDefinition): string | null {
  return definition.edges.find((edge) => edge.from === 'trigger')?.to ?? null;
}
