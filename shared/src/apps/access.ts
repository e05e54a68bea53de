import { z } from 'zod';

/** A member, a department with all below it, or a role. */
export const principal = z.object({ kind: z.enum(['member', 'department', 'role']), id: z.uuid() });
export type Principal = z.infer<typeof principal>;

/** Who sees an app, who may change it, and whether it is tried out by a few first. */
export const appAccess = z.object({
  /** Null: everybody whose roles give him something in it. */
  visibleTo: z.array(principal).max(200).nullable().default(null),
  /** May change its forms, flows and dashboards, and see all of its data; not members, roles or connections. */
  admins: z.array(principal).max(50).default([]),
  /** While set only testers see the app and what it sends is marked 【试运行】. */
  trial: z
    .object({ testers: z.array(principal).max(200), since: z.string() })
    .nullable()
    .default(null),
});
export type AppAccess = z.infer<typeof appAccess>;
