import { z } from 'zod';
import { principal } from '../apps/access.js';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { bulkResult } from '../records/bulk.js';
import { recordPage, recordQuery, reference } from '../records/query.js';

const days = z.number().int().min(1).max(3650).nullable().default(null);

/** 公海 of a form: its records without an owner, who may take them, and when owned ones come back. */
export const poolSettings = z.object({
  on: z.boolean().default(false),
  /** Null: everyone who may see the form. */
  claimers: z.array(principal).max(200).nullable().default(null),
  /** See all of its records and hand them out; who designs the app always does. */
  managers: z.array(principal).max(50).default([]),
  /** How many records one may own before claiming stops. */
  holds: z.number().int().min(1).max(100_000).nullable().default(null),
  /** How many one may claim a day. */
  daily: z.number().int().min(1).max(10_000).nullable().default(null),
  /** So many days a former owner may not claim the record again. */
  protectDays: z.number().int().min(0).max(365).default(0),
  /** What claimers see before claiming, by field id; others are hidden. Null: what their roles show them. */
  fields: z
    .record(z.string().max(60), z.enum(['read', 'masked']))
    .nullable()
    .default(null),
  /** Records that meet it are dealt: never returned, and they take no place among those one holds. */
  dealt: filter.nullable().default(null),
  /** Date field of the last contact that `contactDays` counts from. */
  contactField: z.string().max(60).nullable().default(null),
  contactDays: days,
  /** From becoming somebody's to being dealt. */
  dealDays: days,
  /** The owner is told so many days before. */
  noticeDays: z.number().int().min(0).max(60).default(3),
});
export type PoolSettings = z.infer<typeof poolSettings>;

const named = z.array(principal.extend({ label: z.string() }));
/** The settings with the names of the people in them. */
export const poolSettingsView = poolSettings.extend({ claimers: named.nullable(), managers: named });
export type PoolSettingsView = z.infer<typeof poolSettingsView>;

/** A pool as one of its readers has it. */
export const poolView = z.object({
  formId: uuidOf<'form'>(),
  formName: z.string(),
  /** Records waiting in it that the reader sees. */
  waiting: z.number().int(),
  mayClaim: z.boolean(),
  manages: z.boolean(),
  /** What the reader holds and claimed today, with the limits; null: none. */
  held: z.number().int(),
  holds: z.number().int().nullable(),
  today: z.number().int(),
  daily: z.number().int().nullable(),
  protectDays: z.number().int(),
  /** Fields that are shown in the pool, by key. */
  fields: z.array(z.object({ key: z.string(), right: z.enum(['read', 'masked']) })),
});
export type PoolView = z.infer<typeof poolView>;

export const poolMoveKinds = ['claim', 'assign', 'return', 'auto'] as const;
/** The rules that return records: nobody contacted them for some days, or no deal came of them. */
export const poolCauses = ['contact', 'deal'] as const;
/** How a record last came into the pool; why is told in the reader's language where a rule returned it. */
export const poolArrival = z.object({
  kind: z.enum(['return', 'auto']),
  at: z.string(),
  from: reference.nullable(),
  reason: z.string(),
});
export type PoolArrival = z.infer<typeof poolArrival>;

export const poolQuery = recordQuery.omit({ deleted: true });
export const poolPage = recordPage.extend({ arrivals: z.record(z.string(), poolArrival) });
export type PoolPage = z.infer<typeof poolPage>;

const ids = z.array(uuidOf<'record'>()).min(1).max(200);
export const claimBody = z.object({ ids });
export const assignBody = z.object({ ids, to: uuidOf<'member'>() });
export const returnBody = z.object({ ids, reason: z.string().trim().min(1).max(200) });

/** What was done, and how the caller stands afterwards. */
export const poolResult = bulkResult.extend({ held: z.number().int(), today: z.number().int() });
export type PoolResult = z.infer<typeof poolResult>;
