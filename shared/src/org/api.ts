import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { fieldsOf, filter } from '../filter/ast.js';
import { formActions } from '../forms/definition.js';
import { uuidOf } from '../ids.js';

export const memberState = z.enum(['active', 'invited', 'left']);
export const memberView = z.object({
  id: uuidOf<'member'>(),
  name: z.string(),
  account: z.string().nullable(),
  title: z.string().nullable(),
  mobile: z.string().nullable(),
  email: z.string().nullable(),
  state: memberState,
  departments: z.array(z.object({ id: uuidOf<'department'>(), label: z.string(), leader: z.boolean() })),
  roles: z.array(z.object({ id: uuidOf<'role'>(), label: z.string() })),
  manager: z.object({ id: uuidOf<'member'>(), label: z.string() }).nullable(),
  channels: z.array(z.enum(['wecom', 'dingtalk'])),
});
export type MemberView = z.infer<typeof memberView>;

export const createMemberBody = z.object({
  name: z.string().trim().min(1).max(40),
  account: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^\S+$/, 'no_blanks' satisfies ShapeText)
    .optional(),
  title: z.string().max(40).optional(),
  mobile: z.string().max(20).optional(),
  email: z.string().max(100).optional(),
  departmentIds: z.array(uuidOf<'department'>()).max(20).default([]),
  roleIds: z.array(uuidOf<'role'>()).max(20).default([]),
  managerId: uuidOf<'member'>().nullable().optional(),
});
export const updateMemberBody = createMemberBody.partial().extend({ state: z.enum(['active', 'left']).optional() });

export const departmentView = z.object({
  id: uuidOf<'department'>(),
  name: z.string(),
  parentId: uuidOf<'department'>().nullable(),
  members: z.number().int(),
  sort: z.number().int(),
});
export type DepartmentView = z.infer<typeof departmentView>;
export const departmentBody = z.object({
  name: z.string().trim().min(1).max(40),
  parentId: uuidOf<'department'>().nullable().optional(),
  sort: z.number().int().min(-2_147_483_648).max(2_147_483_647).optional(),
});

export const recordScopes = ['all', 'departmentAndBelow', 'department', 'own', 'none'] as const;
export type RecordScope = (typeof recordScopes)[number];
/** From weakest to strongest read from the right: `masked` is read with stars (see `FieldType.mask`). */
export const fieldRights = ['write', 'read', 'masked', 'hidden'] as const;
export type FieldRight = (typeof fieldRights)[number];

/**
 * Rows in which a field is masked: those that meet a condition over the record's own fields. It is decided from one record,
 * so that it reaches no other; nothing but `masked` may be told from row to row.
 */
const maskCondition = filter.refine((when) => {
  const fields = fieldsOf(when);
  return fields.length > 0 && fields.length <= 20 && fields.every((ref) => !ref.includes('.'));
}, 'own_fields' satisfies ShapeText);
/** A field that is masked in the rows that meet `when` only, and `otherwise` in all others. */
export const maskRule = z.object({ when: maskCondition, otherwise: z.enum(['write', 'read']).default('write') });
export type MaskRule = z.infer<typeof maskRule>;

/** What a role forbids its holders whatever other roles allow. Administrators are never forbidden anything. */
export const formDeny = z.object({
  actions: z.array(z.enum(formActions)).default([]),
  /** Rows never seen. */
  filter: filter.optional(),
  /** The most that is left of a field, by field id or key. */
  fields: z.record(z.string(), z.enum(['read', 'masked', 'hidden'])).default({}),
  /** Rows to which `masked` is confined, by field id or key; in the others it forbids nothing. */
  masks: z.record(z.string(), z.object({ when: maskCondition })).optional(),
});
export type FormDeny = z.infer<typeof formDeny>;

/**
 * What a role may do with one form. Rights of several roles add up: each action has the rows of the roles that allow it,
 * a field the strongest right any role with `view` gives it. `deny` wins over all of them.
 */
export const formGrant = z.object({
  actions: z.array(z.enum(formActions)).default([]),
  scope: z.enum(recordScopes).default('own'),
  /** Further condition on the rows, added to the scope by "or". */
  filter: filter.optional(),
  /** Adds the rows whose member fields name the member, or in whose approvals he takes part. */
  involved: z.boolean().optional(),
  /** Relation fields: adds the rows whose related record the member may see. */
  inherit: z.array(z.string()).max(10).optional(),
  /** Rights that differ from `write`, by field id or key. */
  fields: z.record(z.string(), z.enum(fieldRights)).default({}),
  /** Rows to which `masked` is confined, by field id or key; masked fields without one are masked in every row. */
  masks: z.record(z.string(), maskRule).optional(),
  /** How many masked values a holder may look at in clear a day; none when absent. */
  unmask: z.number().int().min(0).max(1000).optional(),
  deny: formDeny.optional(),
});
export type FormGrant = z.infer<typeof formGrant>;

/** `admin` may do everything, `design` may change apps, forms, flows and dashboards. */
export const rolePermissions = z.object({
  admin: z.boolean().default(false),
  design: z.boolean().default(false),
  members: z.boolean().default(false),
  /** By form id. */
  forms: z.record(z.string(), formGrant).default({}),
});
export type RolePermissions = z.infer<typeof rolePermissions>;
/** Members who neither administrate nor design get roles by name: without members, and with the grants of their own apps' forms only. */
export const roleView = z.object({
  id: uuidOf<'role'>(),
  key: z.string().nullable(),
  name: z.string(),
  permissions: rolePermissions,
  members: z.number().int(),
  system: z.boolean(),
});
export type RoleView = z.infer<typeof roleView>;
export const roleBody = z.object({ name: z.string().trim().min(1).max(40), permissions: rolePermissions });

export const language = z.enum(['zh', 'en']);
export const languageBody = z.object({ language });

export const me = z.object({
  member: z.object({
    id: uuidOf<'member'>(),
    name: z.string(),
    title: z.string().nullable(),
    account: z.string().nullable(),
    /** What conditions mean by 我的部门, the main one first. */
    departments: z.array(z.object({ id: uuidOf<'department'>(), label: z.string() })),
    /** What messages to him are written in; null until he chooses, which is Chinese. */
    language: language.nullable(),
  }),
  tenant: z.object({ id: uuidOf<'tenant'>(), key: z.string(), name: z.string(), timeZone: z.string() }),
  roles: z.array(z.object({ id: uuidOf<'role'>(), key: z.string().nullable(), name: z.string() })),
  permissions: z.object({ admin: z.boolean(), design: z.boolean(), members: z.boolean() }),
  /** Companies the person may switch to. */
  tenants: z.array(z.object({ id: uuidOf<'tenant'>(), name: z.string(), current: z.boolean() })),
  /** Set while an administrator looks as this member: nothing can be changed. */
  preview: z
    .object({ by: z.object({ id: uuidOf<'member'>(), label: z.string() }) })
    .nullable()
    .optional(),
  channel: z.enum(['password', 'wecom', 'dingtalk']),
  /** Address of the sandbox when this server runs the demonstration. */
  sandbox: z.string().nullable(),
});
export type Me = z.infer<typeof me>;
