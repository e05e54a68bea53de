import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** Everything that the audit trail names. */
export const auditActions = [
  'login',
  'export',
  'export.download',
  'print',
  'trial',
  'trial.clear',
  'handover',
  'handover.undo',
  'records.purge',
  'records.share',
  'records.askShare',
  'records.unshare',
  'publicForms.invite',
  'publicForms.revokeInvite',
  'records.link',
  'records.unlink',
  'records.unmask',
  'pool.settings',
  'pool.claim',
  'pool.assign',
  'pool.return',
  'target.save',
  'target.delete',
  'access.preview',
  'access.app',
  'secret.create',
  'secret.rotate',
  'secret.language',
  'secret.delete',
  'apiKey.create',
  'apiKey.update',
  'apiKey.revoke',
  'group.change',
  'message.resend',
  'message.recall',
  'notify.company',
  'sidebar.setup',
  'subscription.create',
  'subscription.update',
  'subscription.delete',
  'customer.link',
  'customer.unlink',
  'mail.save',
  'mail.delete',
  'runs.retention',
  'maps.tiles',
  'member.create',
  'member.update',
  'role.create',
  'role.update',
  'role.delete',
  'app.rename',
  'app.delete',
  'app.export',
  'app.install',
  'app.upgrade',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One deed of the trail. */
const auditEntry = z.object({
  id: z.string(),
  at: z.string(),
  /** Null for what the system did by itself. */
  actor: z.object({ id: uuidOf<'member'>(), label: z.string() }).nullable(),
  action: z.enum(auditActions),
  /** What it was done to, where that has a name: a form, an app, a member, a role. */
  subject: z.string().nullable(),
  /** What was noted with it, by name: counts, names, times. Never values of records. */
  facts: z.array(z.object({ name: z.string(), text: z.string() })),
  /** Where a log-in came from. */
  address: z.string().nullable(),
});
export type AuditItem = z.infer<typeof auditEntry>;

export const auditQuery = z.object({
  action: z.enum(auditActions).optional(),
  memberId: uuidOf<'member'>().optional(),
  /** At or after, and before. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditContracts = {
  'audit.list': {
    tag: 'access',
    summary: '操作日志：谁在什么时候做了什么（登录、导出、查看掩码、权限与成员的改动等），最新的在前',
    query: auditQuery,
    answer: z.object({ items: z.array(auditEntry), cursor: z.string().nullable() }),
  },
} as const;
