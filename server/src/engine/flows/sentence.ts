import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { Trigger } from '@lianke/shared/flows/triggers';
import type { TenantForms } from '../forms/form-registry.js';
import { english } from './sentence-en.js';
import { chinese } from './sentence-zh.js';

/** How one language says when a flow starts and what its steps do. */
export interface SentenceVoice {
  /** `source` is the name of the trigger's form, `field` of the date that the trigger waits for. */
  beginning(trigger: Trigger, source: string, field: string | undefined): string;
  /** What a step does; undefined for steps that only lead on. */
  action(node: FlowNode, name: (formId: string) => string): string | undefined;
  goneForm: string;
  comma: string;
}

/** A flow in one sentence: 「当【客户信息表】新增数据时，在【销售任务表】新增一条」. */
export function flowSentence(definition: FlowDefinition, forms: TenantForms, language: 'zh' | 'en' = 'zh'): string {
  const voice = language === 'en' ? english : chinese;
  const { trigger } = definition;
  const name = (id: string) => forms.get(id)?.name ?? voice.goneForm;
  const field = trigger.type === 'dateArrives' ? forms.get(trigger.formId)?.field(trigger.field)?.name : undefined;
  const order = [...definition.nodes].sort((a, b) => rank(definition, a.id) - rank(definition, b.id));
  const actions = order.flatMap((node) => voice.action(node, name) ?? []);
  return [voice.beginning(trigger, name(trigger.formId), field), ...[...new Set(actions)].slice(0, 3)].join(
    voice.comma,
  );
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
