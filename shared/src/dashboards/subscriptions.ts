import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';
import { addDays, dateIn, type IsoDate, instantIn } from '../time/zone.js';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'clock_time' satisfies ShapeText);

/** When a report goes out, in the tenant's own time. */
export const reportSchedule = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('day'), time }),
  /** 1 is Monday, 7 is Sunday. */
  z.object({ unit: z.literal('week'), time, days: z.array(z.number().int().min(1).max(7)).min(1).max(7) }),
  /** In a month without this day on its last one. */
  z.object({ unit: z.literal('month'), time, day: z.number().int().min(1).max(31) }),
]);
export type ReportSchedule = z.infer<typeof reportSchedule>;

/** The first moment of a schedule after `after`. */
export function nextReportAt(schedule: ReportSchedule, zone: string, after: Date): Date {
  for (let days = 0; days <= 62; days++) {
    const date = addDays(dateIn(zone, after), days);
    if (!fallsOn(schedule, date)) continue;
    const instant = instantIn(zone, date, schedule.time);
    if (instant > after) return instant;
  }
  throw new Error('a schedule without a moment in two months');
}

function fallsOn(schedule: ReportSchedule, date: IsoDate): boolean {
  if (schedule.unit === 'day') return true;
  const noon = new Date(`${date}T12:00:00Z`);
  if (schedule.unit === 'week') return schedule.days.includes(noon.getUTCDay() || 7);
  const last = new Date(Date.UTC(noon.getUTCFullYear(), noon.getUTCMonth() + 1, 0)).getUTCDate();
  return noon.getUTCDate() === Math.min(schedule.day, last);
}

const member = uuidOf<'member'>();

/** A group chat that gets a report by its robot, drawn under the rights of a named person. */
const reportGroup = z.object({ robot: z.string().trim().min(1).max(40), as: member });

export const subscriptionBody = z
  .object({
    schedule: reportSchedule,
    /** Each gets what he himself may see. */
    members: z.array(member).max(200),
    groups: z.array(reportGroup).max(20).default([]),
    enabled: z.boolean().default(true),
  })
  .refine((body) => body.members.length + body.groups.length > 0, {
    message: 'no_receivers' satisfies ShapeText,
    path: ['members'],
  });
export type SubscriptionBody = z.infer<typeof subscriptionBody>;

const person = z.object({ id: member, label: z.string() });

export const subscriptionView = z.object({
  id: uuidOf<'subscription'>(),
  dashboardId: uuidOf<'dashboard'>(),
  schedule: reportSchedule,
  members: z.array(person),
  groups: z.array(z.object({ robot: z.string(), as: person })),
  enabled: z.boolean(),
  by: person,
  nextAt: z.string().nullable(),
  lastAt: z.string().nullable(),
  mayEdit: z.boolean(),
});
export type SubscriptionView = z.infer<typeof subscriptionView>;

/**
 * Of a group: `sending`, `sent`, or `unknown` when nobody knows. Of a person: `waiting` in the outbox, `held` by his silent
 * hours, `delivered`, `kept` in the app's own list because he wants it so; `handed` when the outbox has forgotten it. Of both:
 * `skipped` (not for this reader any more, nothing to reach him by) and `failed`.
 */
export const reportOutcomes = [
  'handed',
  'waiting',
  'held',
  'delivered',
  'kept',
  'sending',
  'sent',
  'skipped',
  'failed',
  'unknown',
] as const;

export const reportDelivery = z.object({
  id: z.string(),
  dueAt: z.string(),
  kind: z.enum(['member', 'group']),
  /** A person's or a group robot's name. */
  label: z.string(),
  state: z.enum(reportOutcomes),
  /** When it was delivered, or will be tried. */
  at: z.string().nullable(),
  /** Through which connection, by its name. */
  via: z.string().nullable(),
  reason: z.string().nullable(),
});
export type ReportDelivery = z.infer<typeof reportDelivery>;

const ofDashboard = z.object({ dashboardId: uuidOf<'dashboard'>() });
const one = z.object({ subscriptionId: uuidOf<'subscription'>() });
const list = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), cursor: z.string().nullable() });

export const subscriptionContracts = {
  'subscriptions.list': {
    tag: 'dashboards',
    summary: '页面的订阅',
    params: ofDashboard,
    answer: list(subscriptionView).extend({
      /** May name other people and groups. */
      mayManage: z.boolean(),
      /** May draw for a group under the rights of another person. */
      mayNameAnybody: z.boolean(),
      robots: z.array(z.string()),
    }),
  },
  'subscriptions.create': {
    tag: 'dashboards',
    summary: '订阅页面：定时把图片发给人和群',
    params: ofDashboard,
    body: subscriptionBody,
    answer: subscriptionView,
  },
  'subscriptions.update': {
    tag: 'dashboards',
    summary: '修改订阅',
    params: one,
    body: subscriptionBody,
    answer: subscriptionView,
  },
  'subscriptions.delete': { tag: 'dashboards', summary: '删除订阅', params: one },
  'subscriptions.send': {
    tag: 'dashboards',
    summary: '现在发一次：给自己，或给订阅里的群',
    params: one,
    body: z.object({ to: z.enum(['me', 'groups']) }),
    answer: z.object({ items: z.array(reportDelivery) }),
  },
  'subscriptions.log': { tag: 'dashboards', summary: '订阅的发送记录', params: one, answer: list(reportDelivery) },
} as const;
