import type { Trigger } from '@lianke/shared/flows/triggers';
import type { TFunction } from 'i18next';

/** 「当成员发来以“报价”开头的消息时」 */
export function sayChat(t: TFunction<'flows'>, trigger: Extract<Trigger, { type: 'chat' }>): string {
  const words = trigger.keywords.map((text) => t('say.quoted', { text })).join(t('start.or'));
  if (trigger.on === 'scan' && words === '') return t('start.sayScan');
  return t(trigger.on === 'scan' ? 'start.sayScanIf' : 'start.sayChat', {
    how: t(`start.how_${trigger.match}`, { words }),
  });
}
