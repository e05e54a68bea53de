import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { FlowId } from '@lianke/shared/ids';
import type { FormMeta } from '../forms/form-meta.js';

/** The flow that a sub-flow node calls, as it is now. */
export type Called = (flow: FlowId) => FlowDefinition | undefined;

/**
 * Fields of the trigger's record that the flow itself may write, also through nodes that stand for that record and through
 * the flows it calls. What people fill in is not among them: that is theirs, and a change of it afterwards counts.
 */
export function writtenFields(
  form: FormMeta,
  definition: FlowDefinition,
  called: Called,
  seen: ReadonlySet<string> = new Set(),
): Set<string> {
  const standing = standingFor(definition, form.id);
  const written = new Set<string>();
  const add = (name: string) => written.add(form.field(name)?.id ?? name);
  for (const node of definition.nodes) {
    if (node.type === 'updateRecord' && standing.has(node.target)) for (const item of node.assignments) add(item.field);
    else if (node.type === 'upsertRecord' && node.formId === form.id)
      for (const item of node.assignments) add(item.field);
    else if (node.type === 'assign' && standing.has(node.target)) add(node.field);
    else if (node.type === 'subflow' && standing.has(node.record) && !seen.has(node.flowId)) {
      const inner = called(node.flowId);
      if (inner) for (const id of writtenFields(form, inner, called, new Set([...seen, node.flowId]))) add(id);
    }
  }
  return written;
}

/** Sources that stand for the trigger's record, or may: what is found or matched in its own form can be it. */
function standingFor(definition: FlowDefinition, formId: string): Set<string> {
  const standing = new Set(['trigger']);
  for (let before = 0; before !== standing.size; ) {
    before = standing.size;
    for (const node of definition.nodes) if (stands(node, standing, formId)) standing.add(node.id);
  }
  return standing;
}

function stands(node: FlowNode, standing: ReadonlySet<string>, formId: string): boolean {
  switch (node.type) {
    case 'updateRecord':
    case 'assign':
    case 'fill':
      return standing.has(node.target);
    case 'upsertRecord':
    case 'findRecords':
      return node.formId === formId;
    case 'loop':
      return standing.has(node.over);
    default:
      return false;
  }
}
