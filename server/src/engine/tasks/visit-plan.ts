import type { TaskId } from '@lianke/shared/ids';
import { type ApprovalPolicy, judge, type Voice } from './judge.js';
import { hasVoice, isOpen, type TaskRow, type TaskState } from './task-row.js';

/** What of a task decides how its node goes on. */
export type VisitTask = Pick<
  TaskRow,
  'id' | 'kind' | 'state' | 'position' | 'parent_id' | 'added_by' | 'group_id' | 'group_mode'
>;

/** What follows from the tasks of a node's visit as they are. */
export interface VisitPlan {
  /** Tasks whose state changes, with the new one: asked (`pending`), no longer needed (`closed`). */
  changes: ReadonlyMap<TaskId, TaskState>;
  result: 'approved' | 'rejected' | undefined;
}

type Value = 'approved' | 'rejected' | 'open' | 'none';

/**
 * Asks whose turn has come, wakes those whom added signers or an adviser kept waiting, closes what is no longer needed,
 * and judges the node. The caller writes the changes; planning again then changes nothing.
 */
export function planVisit(policy: ApprovalPolicy, rows: readonly VisitTask[]): VisitPlan {
  return new Planner(policy, rows).run();
}

class Planner {
  private readonly tasks: VisitTask[];
  private readonly changes = new Map<TaskId, TaskState>();
  private stirred = false;

  constructor(
    private readonly policy: ApprovalPolicy,
    rows: readonly VisitTask[],
  ) {
    this.tasks = rows.map((row) => ({ ...row })).sort((a, b) => a.position - b.position);
  }

  run(): VisitPlan {
    const seats = this.tasks.filter((task) => task.kind === 'approve');
    do {
      this.stirred = false;
      for (const task of this.tasks) this.tend(task);
      const result = judge(
        this.policy,
        seats.map((seat) => this.voice(seat)),
      );
      if (result) {
        for (const task of this.tasks) if (isOpen(task)) this.set(task, 'closed');
        return { changes: this.changes, result };
      }
      const oneByOne = this.policy.mode === 'sequential' || this.policy.oneByOne === true;
      this.askNext(seats, oneByOne);
    } while (this.stirred);
    return { changes: this.changes, result: undefined };
  }

  /** What hangs on one task: signers added before or after it, an adviser. */
  private tend(task: VisitTask): void {
    const before = this.groups(task, 'before');
    const after = this.groups(task, 'after');
    if (task.state === 'held') {
      const advised = !this.children(task).some((child) => child.kind === 'advise' && isOpen(child));
      if (before.some((group) => this.valueOfGroup(group) === 'rejected')) this.set(task, 'closed');
      else if (advised && before.every((group) => this.valueOfGroup(group) !== 'open')) {
        this.set(task, 'pending');
        // Where one of them was enough, the others are no longer asked.
        for (const group of before) this.closeOpen(group);
      } else for (const group of before) this.turn(group);
    }
    if (task.state === 'approved') {
      for (const group of after) {
        this.turn(group);
        const value = this.valueOfGroup(group);
        if (value !== 'approved' && value !== 'none') break;
      }
      if (after.some((group) => this.valueOfGroup(group) === 'rejected')) this.closeOpen(after.flat());
    }
    if (!isOpen(task) && task.state !== 'approved') this.closeOpen(this.children(task));
  }

  /** Added signers who are decided are no longer asked; else those whose turn has come are. */
  private turn(group: readonly VisitTask[]): void {
    if (this.valueOfGroup(group) !== 'open') this.closeOpen(group);
    else this.askNext(group, group[0]?.group_mode === 'sequential');
  }

  private askNext(group: readonly VisitTask[], oneByOne: boolean): void {
    const waiting = group.filter((task) => task.state === 'queued');
    if (!oneByOne) {
      for (const task of waiting) this.set(task, 'pending');
      return;
    }
    const busy = group.some((task) => task.state !== 'queued' && this.valueOf(task) === 'open');
    if (!busy && waiting[0]) this.set(waiting[0], 'pending');
  }

  private valueOf(task: VisitTask): Value {
    if (this.groups(task, 'before').some((group) => this.valueOfGroup(group) === 'rejected')) return 'rejected';
    if (isOpen(task)) return 'open';
    if (task.state === 'rejected') return 'rejected';
    if (task.state !== 'approved') return 'none';
    const after = this.groups(task, 'after').map((group) => this.valueOfGroup(group));
    if (after.includes('rejected')) return 'rejected';
    return after.includes('open') ? 'open' : 'approved';
  }

  private valueOfGroup(group: readonly VisitTask[]): Value {
    const values = group.map((task) => this.valueOf(task)).filter((value) => value !== 'none');
    if (values.length === 0) return 'none';
    if (group[0]?.group_mode === 'any') {
      if (values.includes('approved')) return 'approved';
      return values.includes('rejected') ? 'rejected' : 'open';
    }
    if (values.includes('rejected')) return 'rejected';
    return values.includes('open') ? 'open' : 'approved';
  }

  private voice(seat: VisitTask): Voice {
    const value = this.valueOf(seat);
    const state = value === 'open' ? 'pending' : value === 'none' ? 'closed' : value;
    return { state, added: seat.added_by !== null };
  }

  private children(task: VisitTask): VisitTask[] {
    return this.tasks.filter((other) => other.parent_id === task.id && (hasVoice(other) || other.kind === 'advise'));
  }

  private groups(task: VisitTask, kind: 'before' | 'after'): VisitTask[][] {
    const groups = new Map<string, VisitTask[]>();
    for (const child of this.tasks) {
      if (child.parent_id !== task.id || child.kind !== kind) continue;
      const key = child.group_id ?? child.id;
      groups.set(key, [...(groups.get(key) ?? []), child]);
    }
    return [...groups.values()];
  }

  private closeOpen(tasks: readonly VisitTask[]): void {
    for (const task of tasks) if (isOpen(task)) this.set(task, 'closed');
  }

  private set(task: VisitTask, state: TaskState): void {
    if (task.state === state) return;
    task.state = state;
    this.changes.set(task.id, state);
    this.stirred = true;
  }
}
