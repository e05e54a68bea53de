import { z } from 'zod';
import { principal } from '../apps/access.js';
import { filter } from '../filter/ast.js';
import { formActions } from '../forms/definition.js';
import { uuidOf } from '../ids.js';

export const namedPrincipal = principal.extend({ label: z.string() });
export type NamedPrincipal = z.infer<typeof namedPrincipal>;

/** Why a record is shared: in somebody's words, or because the receiver asked. */
export const shareCauses = ['typed', 'asked'] as const;
export type ShareCause = (typeof shareCauses)[number];

/** A record opened to members, departments (with all below) or roles beyond what their roles give them. */
export const shareBody = z.object({
  to: z.array(principal).min(1).max(50),
  level: z.enum(['read', 'write']).default('read'),
  /** Why; shown to whoever looks at the record's shares, and in explanations. */
  cause: z.string().trim().max(200).default(''),
  /** `asked`: the receiver asked to see it, and `cause` is what he wrote. */
  causeKind: z.enum(shareCauses).optional(),
  /** When it ends by itself; null: never. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});
export type ShareBody = z.infer<typeof shareBody>;
export const shareView = z.object({
  id: uuidOf<'share'>(),
  to: namedPrincipal,
  level: z.enum(['read', 'write']),
  /** Why, as a sentence in the reader's language. */
  cause: z.string(),
  causeKind: z.enum(shareCauses),
  /** What somebody wrote of it. */
  words: z.string(),
  expiresAt: z.string().nullable(),
  by: z.object({ id: uuidOf<'member'>(), label: z.string() }),
  at: z.string(),
});
export type ShareView = z.infer<typeof shareView>;

export const unmaskBody = z.object({ field: z.string().min(1).max(80) });
/** The value as it is, and how many more the member may look at today. */
export const unmaskResult = z.object({ value: z.json(), left: z.number().int() });

/** How many masked values of a form the member may look at a day, and how many are left of them today. */
export const unmaskQuota = z.object({ limit: z.number().int(), left: z.number().int() });

export const explainBody = z.object({
  memberId: uuidOf<'member'>(),
  formId: uuidOf<'form'>(),
  action: z.enum(formActions).default('view'),
  /** Absent: whether he may do it at all. */
  recordId: uuidOf<'record'>().optional(),
  /** Also whether he sees this field as it is; with `edit` and `create`, whether he may write it. */
  field: z.string().max(80).optional(),
});
export type ExplainBody = z.infer<typeof explainBody>;

export const ruleKinds = [
  'admin',
  'design',
  'appAdmin',
  'appVisible',
  'action',
  'scope',
  'involved',
  'inherit',
  'filter',
  'shared',
  'pool',
  'field',
  'mask',
  'derived',
] as const;
export const explainedRule = z.object({
  /** Names the rule for good: the same rule has the same id in every explanation. */
  id: z.string(),
  effect: z.enum(['allow', 'deny']),
  kind: z.enum(ruleKinds),
  /** The role that holds the rule, if one does. */
  role: z.object({ id: uuidOf<'role'>(), label: z.string() }).nullable(),
  /** What it says, by name: a scope, a field, whom a share names. */
  detail: z.string(),
  /** Of masks: the rows they are confined to. */
  condition: filter.optional(),
});
export type ExplainedRule = z.infer<typeof explainedRule>;

/**
 * Each part of a decision must be allowed. An allowed part lists every rule that carries it: without all of them it
 * falls. A refused part lists the rules that forbid it; none: no rule allows it, and `roles` are what he holds.
 */
export const explanation = z.object({
  allowed: z.boolean(),
  member: z.object({ id: uuidOf<'member'>(), label: z.string(), active: z.boolean() }),
  roles: z.array(z.object({ id: uuidOf<'role'>(), label: z.string() })),
  parts: z.array(
    z.object({
      part: z.enum(['app', 'action', 'rows', 'field']),
      allowed: z.boolean(),
      /** Masked: the field is there, with stars. */
      masked: z.boolean().optional(),
      rules: z.array(explainedRule),
    }),
  ),
});
export type Explanation = z.infer<typeof explanation>;

/** Looking at the product as another member does: nothing can be changed, and it ends by itself. */
export const previewBody = z.object({ memberId: uuidOf<'member'>() });
export const previewView = z.object({
  id: uuidOf<'preview'>(),
  member: z.object({ id: uuidOf<'member'>(), label: z.string() }),
  expiresAt: z.string(),
});
export const previewHeader = 'x-lianke-preview';
