import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';
import { topics } from './topics.js';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'clock_time' satisfies ShapeText);
const quietHours = z
  .object({ on: z.boolean(), from: clockTime, to: clockTime, restDays: z.boolean() })
  .refine((hours) => hours.from !== hours.to, { path: ['to'], message: 'same_hours' satisfies ShapeText });
const through = z.object({ approvals: z.boolean(), urgent: z.boolean() });
const inChat = z.object({
  task: z.boolean(),
  reminder: z.boolean(),
  notice: z.boolean(),
  comment: z.boolean(),
  report: z.boolean(),
});

/** When the chat stays silent, what comes through all the same, and which topics reach the chat at all. */
export const notifySettings = z.object({ quiet: quietHours, through, chat: inChat });
export type NotifySettings = z.infer<typeof notifySettings>;

/** A member's own choices; what is absent follows the company. */
export const notifyChoices = z.object({
  quiet: quietHours.optional(),
  through: through.optional(),
  chat: inChat.partial().optional(),
});
export type NotifyChoices = z.infer<typeof notifyChoices>;

/** How it is until an administrator says otherwise: everything reaches the chat at any hour. */
export const usualSettings: NotifySettings = {
  quiet: { on: false, from: '22:00', to: '08:30', restDays: false },
  through: { approvals: false, urgent: true },
  chat: { task: true, reminder: true, notice: true, comment: true, report: true },
};

/** The company's settings under a member's own choices. */
export function settingsOf(company: NotifySettings, own: NotifyChoices): NotifySettings {
  const chat = Object.fromEntries(topics.map((topic) => [topic, own.chat?.[topic] ?? company.chat[topic]]));
  return {
    quiet: own.quiet ?? company.quiet,
    through: own.through ?? company.through,
    chat: chat as NotifySettings['chat'],
  };
}

const myNotify = z.object({
  company: notifySettings,
  own: notifyChoices,
  /** Both together: what holds for the member. */
  settings: notifySettings,
  /** Until when the member's chat is silent now. */
  quietUntil: z.string().nullable(),
  /** Messages that wait for the end of the silence. */
  held: z.number().int(),
});
export type MyNotify = z.infer<typeof myNotify>;

const companyNotify = z.object({
  settings: notifySettings,
  /** Members who have chosen something for themselves. */
  own: z.number().int(),
});

const notice = z.object({
  id: uuidOf<'message'>(),
  createdAt: z.string(),
  topic: z.enum([...topics, 'direct']),
  kind: z.enum(['notice', 'task', 'approval', 'digest', 'report']),
  title: z.string(),
  /** The line below the title: the card's description, or its first facts. */
  line: z.string(),
  /** Page of the mini-app that it opens. */
  path: z.string(),
  urgent: z.boolean(),
  readAt: z.string().nullable(),
  /** How what it asked for has ended. */
  outcome: z.string().nullable(),
});
export type Notice = z.infer<typeof notice>;

export const notifyContracts = {
  'me.notices': {
    tag: 'chat',
    summary: '发给我的消息，不论到没到聊天里',
    query: z.object({ unread: z.enum(['1']).optional(), cursor: z.string().optional() }),
    answer: z.object({
      items: z.array(notice),
      cursor: z.string().nullable(),
      /** Counted to 99. */
      unread: z.number().int(),
    }),
  },
  'me.readNotices': {
    tag: 'chat',
    summary: '标为已读：列出的几条，或到某一条为止的全部',
    body: z.union([
      z.object({ ids: z.array(uuidOf<'message'>()).min(1).max(200) }),
      z.object({ through: uuidOf<'message'>() }),
    ]),
    answer: z.object({ unread: z.number().int() }),
  },
  'me.notify': { tag: 'chat', summary: '我的通知设置', answer: myNotify },
  'me.saveNotify': {
    tag: 'chat',
    summary: '改我的通知设置；没有写的跟随公司',
    body: notifyChoices,
    answer: myNotify,
  },
  'notify.company': { tag: 'chat', summary: '公司默认的通知设置', answer: companyNotify },
  'notify.saveCompany': {
    tag: 'chat',
    summary: '改公司默认的通知设置',
    body: notifySettings,
    answer: companyNotify,
  },
} as const;
