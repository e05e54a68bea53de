/** Under which key the card's question stands. */
export const refuseReasonKey = 'reason';

/** What an approver may say with a refusal without leaving the chat. The first says nothing. */
export const refuseReasons = [
  { id: 'none', text: '不写理由' },
  { id: 'incomplete', text: '资料不全，请补充' },
  { id: 'price', text: '价格需要再谈' },
  { id: 'rules', text: '不符合规定' },
  { id: 'twice', text: '重复提交' },
  { id: 'later', text: '现在不合适，以后再提' },
] as const;

/** The words of a chosen reason; undefined for none, and for one that no card offers. */
export function refuseReason(id: string | undefined): string | undefined {
  return id === 'none' ? undefined : refuseReasons.find((reason) => reason.id === id)?.text;
}
