import { z } from 'zod';

/** A member, a department with all below it, or a role. */
export const principal = z.object({ kind: z.enum(['member', 'department', 'role']), id: z.uuid() });
export type Principal = z.infer<typeof principal>;

/** Who sees an app, and who may change it. */
export const appAccess = z.object({
  /** Null: everybody whose roles give him something in it. */
  visibleTo: z.array(principal).max(200).nullable().default(null),
  /** May change its forms, flows and dashboards, and see all of its data; not members, roles or connections. */
  admins: z.array(principal).max(50).default([]),
});
export type AppAccess = z.infer<typeof appAccess>;

/** 试运行: who sees the app instead, and since when. */
export const appTrial = z.object({ testers: z.array(principal).max(100), startedAt: z.string() });
export type AppTrial = z.infer<typeof appTrial>;

const named = z.array(principal.extend({ label: z.string() }));
export const appAccessView = z.object({ visibleTo: named.nullable(), admins: named });
