import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';

const formId = uuidOf<'form'>();

/** Time of day in the tenant's zone, `HH:mm`. */
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'clock_time' satisfies ShapeText);

export const inputTypes = ['text', 'longText', 'number', 'date', 'datetime', 'select', 'switch', 'member'] as const;

/** Something a run is given when it starts: a line of a button's form, or a value out of a webhook's body. */
export const flowInput = z.object({
  key: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'key' satisfies ShapeText),
  label: z.string().trim().min(1).max(20),
  type: z.enum(inputTypes).default('text'),
  required: z.boolean().default(false),
  /** select: what may be chosen. */
  options: z.array(z.string().trim().min(1).max(40)).max(50).optional(),
  /** webhook: where in the JSON body, `data.order.id`; the key itself when absent. */
  path: z.string().max(200).optional(),
});
export type FlowInput = z.infer<typeof flowInput>;
const inputs = z.array(flowInput).max(30).default([]);

/** When a schedule falls due, in the tenant's zone. Months without such a day are passed over; -1 is the last day. */
export const schedulePlan = z.discriminatedUnion('every', [
  z.object({ every: z.literal('minutes'), n: z.number().int().min(1).max(720) }),
  /** From `from` on every `n` minutes until `to`, both included; `work`: working days of China with 调休, else days of the week. */
  z.object({
    every: z.literal('within'),
    n: z.number().int().min(1).max(720),
    days: z.union([z.literal('work'), z.array(z.number().int().min(1).max(7)).min(1).max(7)]),
    from: clockTime,
    to: clockTime,
  }),
  /** Working days of China: no public holidays, and the weekends worked instead. */
  z.object({ every: z.literal('workday'), at: clockTime }),
  z.object({ every: z.literal('day'), n: z.number().int().min(1).max(365).default(1), at: clockTime }),
  z.object({ every: z.literal('week'), days: z.array(z.number().int().min(1).max(7)).min(1).max(7), at: clockTime }),
  z.object({
    every: z.literal('month'),
    days: z
      .array(z.union([z.literal(-1), z.number().int().min(1).max(31)]))
      .min(1)
      .max(31),
    at: clockTime,
  }),
  z.object({
    every: z.literal('year'),
    month: z.number().int().min(1).max(12),
    day: z.union([z.literal(-1), z.number().int().min(1).max(31)]),
    at: clockTime,
  }),
]);
export type SchedulePlan = z.infer<typeof schedulePlan>;

/** How a keyword is looked for; case, full-width forms and blanks around are all one. */
export const keywordMatches = ['exact', 'startsWith', 'contains'] as const;
export type KeywordMatch = (typeof keywordMatches)[number];

/** What becomes of times that went by while nothing ran: one run for all of them, one for each, or none. */
export const missedPolicies = ['once', 'all', 'skip'] as const;

export const approvalEnds = ['approved', 'rejected', 'withdrawn'] as const;

/**
 * What starts a flow. `formId` is the form under which the flow is found; all but `schedule`, `webhook` and a `chat` that
 * looks for none come with one of its records, which nodes call `trigger`. What is given beside it is called `input`.
 *
 * `perBatch`: an import or a bulk change starts one run when it has come to rest, with its first record and, in
 * `input.count`, how many there were.
 */
export const trigger = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('recordCreated'),
    formId,
    filter: filter.optional(),
    perBatch: z.boolean().optional(),
  }),
  /** `fields`: only when one of these changed; any when empty. `before` is met by the record as it was, `filter` as it is. */
  z.object({
    type: z.literal('recordUpdated'),
    formId,
    fields: z.array(z.string()).default([]),
    before: filter.optional(),
    filter: filter.optional(),
    perBatch: z.boolean().optional(),
  }),
  z.object({ type: z.literal('recordDeleted'), formId, filter: filter.optional() }),
  z.object({ type: z.literal('recordRestored'), formId, filter: filter.optional() }),
  /** Created or changed so that `filter` begins to hold (it did not before). */
  z.object({ type: z.literal('entersFilter'), formId, filter }),
  /** A record came in through a form open to everybody. */
  z.object({ type: z.literal('formSubmitted'), formId, filter: filter.optional() }),
  /** An approval of a record has ended, in any flow or in `flowId`. */
  z.object({
    type: z.literal('approvalEnded'),
    formId,
    outcomes: z.array(z.enum(approvalEnds)).min(1),
    flowId: uuidOf<'flow'>().optional(),
  }),
  z.object({ type: z.literal('schedule'), formId, plan: schedulePlan, missed: z.enum(missedPolicies).default('once') }),
  /**
   * `amount` units before (negative) or after a date of each record. With `at` on that day at that time, which a field
   * without a time of day needs; else at the field's own time. Follows the field when it is changed.
   */
  z.object({
    type: z.literal('dateArrives'),
    formId,
    field: z.string().max(60),
    amount: z.number().int().min(-3660).max(3660).default(0),
    unit: z.enum(['minute', 'hour', 'day', 'month']).default('day'),
    at: clockTime.optional(),
    filter: filter.optional(),
    missed: z.enum(['all', 'skip']).default('all'),
  }),
  /** A button on the record's page; offered while `filter` holds. */
  z.object({
    type: z.literal('button'),
    formId,
    label: z.string().trim().min(1).max(12),
    inputs,
    filter: filter.optional(),
  }),
  /** A POST from another system to the flow's own address. */
  z.object({ type: z.literal('webhook'), formId, inputs }),
  /**
   * A member writes to the company's app or robot in the chat (`text`), or scans a code with the app's menu (`scan`). With
   * `find` the run comes with the record that the text (or what stands after the keyword), or the code, names: by its own QR
   * code, or by a field without duplicates. Without keywords every scan starts it; texts need one.
   */
  z.object({
    type: z.literal('chat'),
    formId,
    on: z.enum(['text', 'scan']),
    match: z.enum(keywordMatches).default('startsWith'),
    keywords: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
    find: z.object({ field: z.string().max(60).optional() }).optional(),
  }),
  /** Started by another flow with one of its records. */
  z.object({ type: z.literal('called'), formId, inputs }),
]);
export type Trigger = z.infer<typeof trigger>;
export type TriggerType = Trigger['type'];

/** Whether a run of this trigger comes with a record of the trigger's form. */
export function bringsRecord(trigger: Pick<Trigger, 'type'> & { find?: unknown }): boolean {
  if (trigger.type === 'chat') return trigger.find !== undefined;
  return trigger.type !== 'schedule' && trigger.type !== 'webhook';
}

/** What a run of this trigger is given beside its record; nodes refer to it as source `input`. */
export function inputsOf(trigger: Trigger): FlowInput[] {
  switch (trigger.type) {
    case 'button':
    case 'webhook':
    case 'called':
      return trigger.inputs;
    case 'recordCreated':
    case 'recordUpdated':
      return trigger.perBatch ? [{ key: 'count', label: '数据条数', type: 'number', required: false }] : [];
    case 'chat':
      return trigger.on === 'scan'
        ? [given('scan', '扫到的内容')]
        : [given('text', '消息全文'), given('rest', '关键词后的内容')];
    default:
      return [];
  }
}

const given = (key: string, label: string): FlowInput => ({ key, label, type: 'longText', required: false });

/** The trigger's condition on its record, if it has one. */
export function filterOf(trigger: Trigger) {
  return 'filter' in trigger ? trigger.filter : undefined;
}

/** Triggers that begin with a row of the event table; the others are started by schedules, presses and calls. */
export function watchesEvents(trigger: Pick<Trigger, 'type'>): boolean {
  return !['schedule', 'dateArrives', 'button', 'webhook', 'chat', 'called'].includes(trigger.type);
}
