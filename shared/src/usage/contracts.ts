import { z } from 'zod';

export const usageWeek = z.object({
  /** The Monday it begins with. */
  week: z.string(),
  created: z.number().int(),
  changed: z.number().int(),
  /** Approvals answered. */
  tasks: z.number().int(),
  logins: z.number().int(),
  /** Changes made from the phone, and from the console. */
  phone: z.number().int(),
  desk: z.number().int(),
});
export type UsageWeek = z.infer<typeof usageWeek>;

export const memberUsage = z.object({
  member: z.object({ id: z.string(), label: z.string() }),
  department: z.string(),
  lastLogin: z.string().nullable(),
  /** Weeks in which he did something, the latest first. */
  weeks: z.array(usageWeek),
});
export type MemberUsage = z.infer<typeof memberUsage>;

export const usageContracts = {
  'usage.list': {
    tag: 'usage',
    summary: '每位成员每周的使用情况',
    query: z.object({ weeks: z.coerce.number().int().min(1).max(52).default(8) }),
    answer: z.object({ items: z.array(memberUsage), cursor: z.null(), weeks: z.array(z.string()) }),
  },
} as const;
