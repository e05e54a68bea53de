import { z } from 'zod';
import { uuidOf } from '../ids.js';

const named = z.object({ id: z.string(), label: z.string() });

/** `expired`, `revoked` and `memberGone` keys open nothing. */
export const apiKeyStates = ['active', 'expired', 'revoked', 'memberGone'] as const;

/** A key of the open interface. What it says is shown once, when it is made; `hint` is its beginning. */
export const apiKeyView = z.object({
  id: uuidOf<'apiKey'>(),
  name: z.string(),
  hint: z.string(),
  /** It acts as this member: whatever he may not see or do, it may not either. */
  member: named.extend({ admin: z.boolean() }),
  access: z.enum(['read', 'write']),
  /** Null: every form that the member may use. */
  forms: z.array(named).nullable(),
  perMinute: z.number().int(),
  state: z.enum(apiKeyStates),
  createdBy: named.nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  /** The address of the last use. */
  lastUsedFrom: z.string().nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeyView>;

const name = z.string().trim().min(1, '请填写名称').max(40);
const access = z.enum(['read', 'write']);
const forms = z.array(uuidOf<'form'>()).min(1, '至少选择一张表单').max(200).nullable();
const expiresAt = z.iso.datetime({ offset: true }).nullable();
const perMinute = z.number().int().min(1).max(6000);

export const createApiKeyBody = z.object({
  name,
  memberId: uuidOf<'member'>(),
  access,
  forms: forms.default(null),
  expiresAt: expiresAt.default(null),
  perMinute: perMinute.default(600),
});

/** Absent properties stay. What the key says never changes. */
export const updateApiKeyBody = z
  .strictObject({ name, memberId: uuidOf<'member'>(), access, forms, expiresAt, perMinute })
  .partial();

export const apiKeyContracts = {
  'apiKeys.list': {
    tag: 'open',
    summary: '开放接口的密钥',
    answer: z.object({ items: z.array(apiKeyView), cursor: z.null() }),
  },
  'apiKeys.create': {
    tag: 'open',
    summary: '新建密钥；secret 只在这里出现一次',
    body: createApiKeyBody,
    answer: z.object({ key: apiKeyView, secret: z.string() }),
  },
  'apiKeys.update': {
    tag: 'open',
    summary: '修改密钥，下一个请求起生效；已停用的不能再改',
    params: z.object({ keyId: uuidOf<'apiKey'>() }),
    body: updateApiKeyBody,
    answer: apiKeyView,
  },
  'apiKeys.revoke': {
    tag: 'open',
    summary: '停用密钥，下一个请求起生效',
    params: z.object({ keyId: uuidOf<'apiKey'>() }),
    answer: apiKeyView,
  },
} as const;
