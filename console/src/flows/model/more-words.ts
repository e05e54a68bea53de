import type { FlowNode } from '@lianke/shared/flows/definition';
import type { Trigger } from '@lianke/shared/flows/triggers';
import type { TFunction } from 'i18next';
import type { FormView } from '../../api/queries.js';
import { fieldOf } from './sources.js';

/** 「当成员发来以“报价”开头的消息时」 */
export function sayChat(t: TFunction<'flows'>, trigger: Extract<Trigger, { type: 'chat' }>): string {
  const words = trigger.keywords.map((text) => t('say.quoted', { text })).join(t('start.or'));
  if (trigger.on === 'scan' && words === '') return t('start.sayScan');
  return t(trigger.on === 'scan' ? 'start.sayScanIf' : 'start.sayChat', {
    how: t(`start.how_${trigger.match}`, { words }),
  });
}

/** 「按“地址”把【线索】分给各地区的人」 */
export function sayTerritory(
  t: TFunction<'flows'>,
  node: Extract<FlowNode, { type: 'assign' }>,
  form: FormView | undefined,
): string {
  const by = form && fieldOf(form, node.by ?? '')?.name;
  return t('more.sayTerritory', { form: form?.name ?? t('say.gone'), field: by ?? t('say.unset') });
}
