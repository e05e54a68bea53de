import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';

export const targetPeriods = ['month', 'quarter', 'year'] as const;
export type TargetPeriod = (typeof targetPeriods)[number];

const decimal = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'target_figure' satisfies ShapeText);

/** 目标: what is counted or summed of a form, by the period that a date field lies in. */
export const targetBody = z.object({
  formId: uuidOf<'form'>(),
  name: z.string().trim().min(1).max(40),
  fn: z.enum(['count', 'sum']),
  /** Number field that is summed. */
  field: z.string().max(200).nullable().default(null),
  filter: filter.nullable().default(null),
  dateField: z.string().max(60),
  period: z.enum(targetPeriods).default('month'),
  unit: z.string().trim().max(10).default(''),
});
export type TargetBody = z.infer<typeof targetBody>;

export const targetView = targetBody.extend({ id: uuidOf<'target'>() });
export type TargetView = z.infer<typeof targetView>;

/** Whose figure it is: a member's records are those he owns, a department's those of it and all below. */
export const targetSubject = z.object({ kind: z.enum(['member', 'department']), id: z.uuid() });
export type TargetSubject = z.infer<typeof targetSubject>;

export const targetYear = z.coerce.number().int().min(2000).max(2100);
/** One row of the table: amounts by the first day of their period. */
const row = targetSubject.extend({ amounts: z.record(z.iso.date(), decimal) });
export const targetTable = z.object({ year: z.number().int(), periods: z.array(z.string()), items: z.array(row) });
export type TargetTable = z.infer<typeof targetTable>;

/** Changed rows: an amount of null takes the target away, periods not named keep theirs. */
export const targetValuesBody = z.object({
  rows: z
    .array(targetSubject.extend({ amounts: z.record(z.iso.date(), decimal.nullable()) }))
    .min(1)
    .max(5000),
});
export type TargetValuesBody = z.infer<typeof targetValuesBody>;

/** A figure against its target in the period that runs. */
export const targetFigure = z.object({
  id: uuidOf<'target'>(),
  name: z.string(),
  unit: z.string(),
  formId: uuidOf<'form'>(),
  subject: targetSubject.extend({ label: z.string() }),
  period: z.enum(targetPeriods),
  from: z.string(),
  to: z.string(),
  /** Days that are left of the period, today among them. */
  daysLeft: z.number().int(),
  target: z.string(),
  actual: z.string(),
  /** Rounded down; null where the target is 0. */
  percent: z.number().int().nullable(),
  /** Finds the records behind the figure. */
  drill: filter,
});
export type TargetFigure = z.infer<typeof targetFigure>;

/** First days of a year's periods. */
export function periodsOf(period: TargetPeriod, year: number): string[] {
  const months = { month: 1, quarter: 3, year: 12 }[period];
  return Array.from({ length: 12 / months }, (_, at) => `${year}-${String(at * months + 1).padStart(2, '0')}-01`);
}

/** First day of the period in which a date lies. */
export function periodAt(period: TargetPeriod, date: string): string {
  const found = periodsOf(period, Number(date.slice(0, 4))).filter((first) => first <= date);
  return found.at(-1) ?? date;
}
