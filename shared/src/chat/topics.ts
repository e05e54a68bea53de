/** What a message is for, as its reader chooses where it shows up. */
export const topics = ['task', 'reminder', 'notice', 'comment', 'report'] as const;
export type Topic = (typeof topics)[number];
/** Topics that something sends today: only these are offered to choose about. */
export const offeredTopics = ['task', 'reminder', 'notice', 'comment', 'report'] as const satisfies readonly Topic[];
