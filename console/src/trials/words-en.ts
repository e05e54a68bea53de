import type { TextKey } from './words-zh.js';

export const en: Record<TextKey, string> = {
  title: 'Trial',
  off: 'Not tried out',
  hint: 'While it is tried out, only its testers (and those who may change it) see the app; its messages say 【试运行】 in front, and what was written can be removed in one step.',
  testers: 'Testers',
  start: 'Start trial',
  started: 'The trial has begun; testers see the app now',
  save: 'Update testers',
  saved: 'Testers updated',
  since: 'since {{time}}',
  facts: '{{records}} trial ‹record|records›, {{feedback}} ‹feedback|feedbacks›',
  clear: 'Remove trial data',
  clearTitle: 'Remove the {{n}} ‹record|records› made since the trial began?',
  clearHint:
    'They go to the recycle bin (30 days), and flows still under way are cancelled; no message is sent. Older data stays.',
  cleared: '{{deleted}} ‹record|records› removed, {{cancelled}} ‹run|runs› cancelled',
  clearedSome: '{{deleted}} removed, {{failed}} not: {{reason}}',
  end: 'End trial',
  endTitle: 'End the trial?',
  endHint:
    'The app is open again to those it was open to, and messages are no longer marked. {{n}} trial ‹record|records› ‹is|are› left; remove them first if they should go.',
  ended: 'The trial has ended',
  feedbacks: 'Feedback',
  noFeedback: 'No feedback yet',
  feedback: 'Feedback',
  feedbackTitle: 'Feedback on "{{name}}"',
  feedbackHint: 'What is awkward, missing or wrong: it goes to the app’s administrators.',
  send: 'Send',
  sent: 'Sent, thank you',
  tag: 'Trial',
  close: 'Close',
};
