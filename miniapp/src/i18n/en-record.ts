import type { zhRecord } from './zh-record.js';

export const enRecord: Record<keyof typeof zhRecord, string> = {
  'comment.title': 'Comment',
  'comment.hint': 'Write a comment; @ tells a colleague in the chat',
  'comment.mention': 'Mention a colleague',
  'comment.mentionMark': '@ Colleague',
  'comment.send': 'Send',
  'comment.edited': 'edited',
  'comment.delete': 'Delete comment',
  'comment.deleteAsk': 'Delete this comment?',
  'comment.untold': '{names} may not see this record and was not told',
  'timeline.run': 'Flow “{name}”: {state}',
  'timeline.waiting': 'waiting',
  'timeline.running': 'running',
  'timeline.done': 'done',
  'timeline.failed': 'failed',
  'timeline.cancelled': 'cancelled',
};
