import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { TenantForms } from '../forms/form-registry.js';

/** A flow in one sentence: 「当【客户信息表】新增数据时，在【销售任务表】新增一条」. */
export function flowSentence(definition: FlowDefinition, forms: TenantForms): string {
  const name = (id: string) => forms.get(id)?.name ?? '已删除的表单';
  const source = name(definition.trigger.formId);
  const when = { recordCreated: '新增数据时', recordUpdated: '修改数据时', entersFilter: '的数据满足条件时' }[
    definition.trigger.type
  ];
  const order = [...definition.nodes].sort((a, b) => rank(definition, a.id) - rank(definition, b.id));
  const actions = order.flatMap((node) => action(node, name) ?? []);
  return `当【${source}】${when}${actions.length > 0 ? `，${[...new Set(actions)].slice(0, 3).join('，')}` : ''}`;
}

function action(node: FlowNode, name: (id: string) => string): string | undefined {
  switch (node.type) {
    case 'createRecord':
      return `在【${name(node.formId)}】新增一条`;
    case 'updateRecord':
      return '修改数据';
    case 'deleteRecord':
      return '删除数据';
    case 'findRecords':
      return `查找【${name(node.formId)}】`;
    case 'http':
      return '调用接口';
    case 'message':
      return node.kind === 'task' ? '提醒负责人' : '发消息';
    case 'approval':
      return '审批';
    case 'delay':
      return '等待';
    default:
      return undefined;
  }
}

/** Steps from the trigger to a node. */
function rank(definition: FlowDefinition, id: string): number {
  let at: string | undefined = id;
  for (let steps = 0; steps < 500; steps++) {
    if (at === 'trigger') return steps;
    at = definition.edges.find((edge) => edge.to === at)?.from;
    if (at === undefined) return 1000;
  }
  return 1000;
}
