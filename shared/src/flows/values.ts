import { z } from 'zod';

/**
 * Where a value comes from. `source` is `trigger` (the record that started the flow) or the id of an earlier node that
 * made or found a record; `path` is a field id or key, or a path through relations (`customer.owner`), or `id`.
 */
export const valueRef = z.object({ source: z.string().max(40), path: z.string().max(200) });
export type ValueRef = z.infer<typeof valueRef>;

/** The right-hand side of 字段赋值. */
export const valueExpr = z.union([
  z.object({ kind: z.literal('literal'), value: z.json() }),
  z.object({ kind: z.literal('ref'), ref: valueRef }),
  /** Text pieces and references joined: 「【新客户跟进】」 + 客户名称. */
  z.object({
    kind: z.literal('text'),
    parts: z.array(z.union([z.object({ text: z.string().max(1000) }), z.object({ ref: valueRef })])).max(50),
  }),
  /** The current time plus an offset, in the tenant's zone; a date field takes the calendar date. */
  z.object({
    kind: z.literal('now'),
    offset: z.number().int().min(-36_600).max(36_600).default(0),
    unit: z.enum(['minute', 'hour', 'day', 'week', 'month']).default('day'),
  }),
  z.object({ kind: z.literal('starter') }),
]);
export type ValueExpr = z.infer<typeof valueExpr>;

export const assignment = z.object({ field: z.string().max(60), value: valueExpr });
export type Assignment = z.infer<typeof assignment>;

/** Whose managers or heads are meant: the starter, or a member (or department) field. */
const personBase = z.union([
  z.object({ kind: z.literal('field'), ref: valueRef }),
  z.object({ kind: z.literal('starter') }),
]);

/** Who gets a message or decides an approval. */
export const personExpr = z.union([
  z.object({ kind: z.literal('member'), ids: z.array(z.string()).min(1).max(100) }),
  z.object({ kind: z.literal('role'), roleId: z.string() }),
  /** A member field of the trigger record or of an earlier node's record; a relation stands for its record's owner. */
  z.object({ kind: z.literal('field'), ref: valueRef }),
  z.object({ kind: z.literal('starter') }),
  /** The manager of whoever `of` resolves to, `level` steps up (1 = direct manager). */
  z.object({ kind: z.literal('managerOf'), of: personBase, level: z.number().int().min(1).max(10).default(1) }),
  /** The managers of whoever `of` resolves to, one after the other, at most `levels` of them. */
  z.object({ kind: z.literal('managerChain'), of: personBase, levels: z.number().int().min(1).max(10).default(3) }),
  /** The head of the department of whoever `of` resolves to, or of a department field; `level` departments up from it. */
  z.object({ kind: z.literal('departmentHead'), of: personBase, level: z.number().int().min(0).max(9).default(0) }),
  /** A formula over the trigger record that gives a member's name or account, or several. */
  z.object({ kind: z.literal('formula'), formula: z.string().min(1).max(2000) }),
  /** 发起人自选: the starter names them when the flow comes here; out of `from` when it is given. Approvals only. */
  z.object({ kind: z.literal('choice'), from: z.array(z.string()).max(100).optional() }),
]);
export type PersonExpr = z.infer<typeof personExpr>;

/** One fact of a card: a short label and where its value comes from. */
export const cardFact = z.object({ label: z.string().min(1).max(10), ref: valueRef });
export type CardFact = z.infer<typeof cardFact>;
