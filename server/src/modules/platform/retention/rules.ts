import { runDays } from '@lianke/shared/flows/api';

/** How long rows of one shared table are kept once nobody needs them. */
export interface RetentionRule {
  /** In schema `lianke`. */
  table: string;
  /** Days after which a row goes. */
  days: number;
  /** The company may choose other days (`run-retention.ts`). */
  ofCompany?: true;
  /** SQL over the row (alias q) that is true for what may go; `$1` is the instant that lies `days` back. */
  where: string;
  /** `database` for columns that guard log-ins: the demonstration's 快进 must not end them. */
  clock: 'business' | 'database';
}

/** Every rule of the shared tables; the README beside this file says why each, and what else is cleaned. */
export const rules: readonly RetentionRule[] = [
  {
    table: 'event',
    days: 30,
    // A run that still works, or failed and can be tried again, reads its event.
    where: `q.state <> 'new' AND q.created_at < $1 AND NOT EXISTS (
      SELECT 1 FROM lianke.run r WHERE r.record_id = q.record_id AND r.event_id = q.id AND r.state IN ('ready','waiting','failed'))`,
    clock: 'business',
  },
  { table: 'idempotency', days: 30, where: 'q.created_at < $1', clock: 'database' },
  {
    table: 'message',
    days: 90,
    where: `q.state <> 'queued' AND q.outcome_state IS DISTINCT FROM 'pending' AND q.created_at < $1`,
    clock: 'business',
  },
  {
    table: 'run',
    days: runDays.usual,
    ofCompany: true,
    // What people decided stays as the record of it; failed runs stay until somebody ends them.
    where: `q.state IN ('done','cancelled') AND q.finished_at < $1 AND NOT q.wake_parent
      AND NOT EXISTS (SELECT 1 FROM lianke.task t WHERE t.tenant_id = q.tenant_id AND t.run_id = q.id)
      AND NOT EXISTS (SELECT 1 FROM lianke.copy c WHERE c.tenant_id = q.tenant_id AND c.run_id = q.id)`,
    clock: 'business',
  },
  {
    table: 'step',
    days: runDays.usual,
    ofCompany: true,
    // After its run.
    where: `q.started_at < $1 AND NOT EXISTS (SELECT 1 FROM lianke.run r WHERE r.tenant_id = q.tenant_id AND r.id = q.run_id)`,
    clock: 'business',
  },
  {
    table: 'run_item',
    days: 1,
    // A run that still works, or failed and can be tried again, goes on through its lists.
    where: `q.made_at < $1 AND NOT EXISTS (SELECT 1 FROM lianke.run r WHERE r.tenant_id = q.tenant_id AND r.id = q.run_id
      AND r.state NOT IN ('done','cancelled'))`,
    clock: 'business',
  },
  { table: 'record_link_use', days: 90, where: 'q.at < $1', clock: 'business' },
  { table: 'said', days: 7, where: 'q.at < $1', clock: 'business' },
  { table: 'card_press', days: 7, where: 'q.at < $1', clock: 'business' },
  { table: 'report_delivery', days: 90, where: 'q.due_at < $1', clock: 'business' },
  { table: 'callback_inbox', days: 14, where: `q.state <> 'new' AND q.received_at < $1`, clock: 'business' },
  { table: 'session', days: 1, where: 'q.expires_at < $1', clock: 'database' },
  { table: 'login_attempt', days: 1, where: 'q.expires_at < $1', clock: 'database' },
  { table: 'app_package', days: 7, where: 'q.created_at < $1', clock: 'business' },
  { table: 'app_bin', days: 30, where: 'q.deleted_at < $1', clock: 'business' },
  { table: 'invite', days: 30, where: 'q.expires_at < $1', clock: 'database' },
];

/** Days for what is more than rows of one table. */
export const keptDays = {
  recycleBin: 30,
  removedFields: 30,
  removedForms: 30,
  strayTables: 1,
  unreferencedFiles: 2,
  audit: 365,
  deadLetters: 90,
} as const;
