import type { Language } from '@lianke/shared/errors/issue-text';
import type { ApprovalSettings } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RunId, TaskId } from '@lianke/shared/ids';
import type { StartedRun } from '@lianke/shared/tasks/api';
import type { Org } from '../org/org-directory.js';
import { titleIn } from './task-words.js';

export interface StartedRow {
  id: RunId;
  state: 'ready' | 'waiting' | 'calling' | 'done' | 'failed' | 'cancelled';
  started_at: string;
  finished_at: string | null;
  withdrawal: string | null;
  urged_at: string | null;
  flow_name: string | null;
  task_id: TaskId;
  title: string;
  title_en: string | null;
  /** The node that the title is of, and whom it was told to. */
  node: string;
  told_to: MemberId;
  waiting: MemberId[];
  decided: boolean;
  /** It is with the starter, to be handed in again. */
  returned: boolean;
  /** How its last approval ended. */
  outcome: string | null;
}

/** When the starter may urge again; null when he may at once. */
export function urgeFrom(urgedAt: string | null, now: Date, everyMinutes: number): Date | null {
  if (urgedAt === null) return null;
  const from = new Date(Date.parse(urgedAt) + everyMinutes * 60_000);
  return from > now ? from : null;
}

/** How a run is told: the flow's rules, when and in which language. */
interface Told {
  now: Date;
  rule: ApprovalSettings['withdraw'];
  urgeMinutes?: number;
  language: Language;
}

export function startedRun(row: StartedRow, org: Org, { now, rule, language, urgeMinutes = 30 }: Told): StartedRun {
  const open = row.state === 'ready' || row.state === 'waiting' || row.state === 'calling';
  const waits = open && row.waiting.length > 0;
  return {
    id: row.id,
    taskId: row.task_id,
    title: titleIn(row, language),
    flowName: row.flow_name ?? '',
    state: stateOf(row, open),
    waiting: open ? row.waiting.map((id) => ({ id, label: org.nameOf(id) })) : [],
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    withdrawal: row.withdrawal,
    mayWithdraw: open && (rule === 'beforeEnd' || (rule === 'beforeFirst' && !row.decided)),
    mayUrge: waits && !row.returned,
    urgeFrom: waits ? (urgeFrom(row.urged_at, now, urgeMinutes)?.toISOString() ?? null) : null,
  };
}

function stateOf(row: StartedRow, open: boolean): StartedRun['state'] {
  if (row.withdrawal !== null) return 'withdrawn';
  if (open) return row.returned ? 'returned' : 'open';
  if (row.state === 'failed') return 'failed';
  if (row.state === 'done' && (row.outcome === 'approved' || row.outcome === 'rejected')) return row.outcome;
  return 'ended';
}
