import type { Language } from '../errors/issue-names.js';

/** Under which key the card's question stands. */
export const refuseReasonKey = 'reason';

/** What an approver may say with a refusal without leaving the chat. The first says nothing. */
export const refuseReasons = [
  { id: 'none', text: { zh: '不写理由', en: 'No reason' } },
  { id: 'incomplete', text: { zh: '资料不全，请补充', en: 'Material missing' } },
  { id: 'price', text: { zh: '价格需要再谈', en: 'Discuss the price' } },
  { id: 'rules', text: { zh: '不符合规定', en: 'Against the rules' } },
  { id: 'twice', text: { zh: '重复提交', en: 'Submitted twice' } },
  { id: 'later', text: { zh: '现在不合适，以后再提', en: 'Not now, later' } },
] as const;

/** A chosen reason; undefined for none, and for one that no card offers. */
export function refuseReasonId(id: string | undefined): string | undefined {
  return id === 'none' ? undefined : refuseReasons.find((reason) => reason.id === id)?.id;
}

/** The same in words of the language. */
export function refuseReason(id: string, language: Language): string | undefined {
  return refuseReasons.find((reason) => reason.id === id)?.text[language];
}
