import type { ApprovalTimer, TimeSpan } from '@lianke/shared/flows/nodes/approval';
import type { ValueRef } from '@lianke/shared/flows/values';
import { addWorkDaysAt, addWorkTime, type WorkHours, workTimeBetween } from '@lianke/shared/time/work-hours';

/** Where one timer of a node's visit stands; kept in the step's output. */
export interface TimerState {
  /** When it goes off next; null while its date is empty. */
  due: string | null;
  fired: number;
}

/** A timer that stands still: how often it has gone off, and how much is left of it in milliseconds of its own time. */
export interface TimerLeft {
  /** Null where nothing counts down: it is spent, or follows a date. */
  left: number | null;
  fired: number;
}

/** Timers stand still while information is asked for, and while the approval is returned. A bare number has not gone off. */
export type TimersLeft = (TimerLeft | number | null)[];

export interface TimerEnv {
  now: Date;
  timeZone: string;
  hours: WorkHours;
  /** The date a field of the record holds. */
  dateAt(ref: ValueRef): Promise<Date | null>;
}

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const dayMs = 86_400_000;
/** A date of the trigger's record wakes the visit when it is edited; should that be lost, it is seen after this long. */
const lookAgainMs = 600_000;
/** A date of another record is looked at so often. */
const lookElsewhereMs = 60_000;

function addSpan(from: Date, span: TimeSpan, env: Pick<TimerEnv, 'timeZone' | 'hours'>): Date {
  switch (span.unit) {
    case 'workHour':
      return addWorkTime(env.timeZone, from, span.amount * units.hour, env.hours);
    case 'workDay':
      return addWorkDaysAt(env.timeZone, from, span.amount);
    default:
      return new Date(from.getTime() + span.amount * units[span.unit]);
  }
}

/**
 * The timers of a visit that begins now. `left` continues those of a visit that a return had ended: what has gone off then
 * does not go off again.
 */
export function startTimers(timers: readonly ApprovalTimer[], env: TimerEnv, left?: TimersLeft): Promise<TimerState[]> {
  return Promise.all(
    timers.map(async (timer, index) => {
      const rest = leftOf(left?.[index]);
      return { due: iso(await firstDue(timer, env, rest)), fired: rest.fired };
    }),
  );
}

async function firstDue(timer: ApprovalTimer, env: TimerEnv, { left, fired }: TimerLeft): Promise<Date | null> {
  if (fired >= timesOf(timer)) return null;
  if (left !== null) return goOn(timer, left, env, { due: null, fired });
  return timer.at.kind === 'field' ? dateOf(timer.at, env) : addSpan(env.now, timer.at, env);
}

function leftOf(left: TimersLeft[number] | undefined): TimerLeft {
  if (typeof left === 'number') return { left, fired: 0 };
  return left ?? { left: null, fired: 0 };
}

/** Whether an edit of the trigger's record can move a timer of the visit. */
export function followsRecord(timers: readonly ApprovalTimer[], states: readonly TimerState[]): boolean {
  return states.some((state, index) => {
    const timer = timers[index];
    return timer !== undefined && state.fired === 0 && isOwnDate(timer);
  });
}

const isOwnDate = ({ at }: ApprovalTimer): boolean =>
  at.kind === 'field' && at.ref.source === 'trigger' && !at.ref.path.includes('.');

async function dateOf(at: Extract<ApprovalTimer['at'], { kind: 'field' }>, env: TimerEnv): Promise<Date | null> {
  const date = await env.dateAt(at.ref);
  return date && new Date(date.getTime() + at.days * dayMs);
}

/** The first due of timers that follow a date is read anew: it may have been edited. */
export async function followDates(
  timers: readonly ApprovalTimer[],
  states: readonly TimerState[],
  env: TimerEnv,
): Promise<TimerState[]> {
  return Promise.all(
    states.map(async (state, index) => {
      const timer = timers[index];
      if (timer?.at.kind !== 'field' || state.fired > 0) return state;
      return { ...state, due: iso(await dateOf(timer.at, env)) };
    }),
  );
}

/** Timers that go off now, in order. */
export function dueTimers(timers: readonly ApprovalTimer[], states: readonly TimerState[], now: Date): number[] {
  return states.flatMap((state, index) =>
    state.due !== null && Date.parse(state.due) <= now.getTime() && state.fired < timesOf(timers[index]) ? [index] : [],
  );
}

/** A timer after it went off: its next turn, or none. */
export function afterFiring(
  timer: ApprovalTimer,
  state: TimerState,
  env: Pick<TimerEnv, 'now' | 'timeZone' | 'hours'>,
) {
  const fired = state.fired + 1;
  return { fired, due: fired < timesOf(timer) && timer.every ? iso(addSpan(env.now, timer.every, env)) : state.due };
}

/** When the next timer goes off, as far as that is known now. */
export function nextDue(timers: readonly ApprovalTimer[], states: readonly TimerState[]): Date | null {
  const times = states.flatMap((state, index) =>
    state.due === null || state.fired >= timesOf(timers[index]) ? [] : [Date.parse(state.due)],
  );
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/**
 * When the visit has to be looked at next. `fresh`: its dates were read just now, so an edit at the same moment may have
 * woken nobody.
 */
export function wakeAt(
  timers: readonly ApprovalTimer[],
  states: readonly TimerState[],
  now: Date,
  fresh = false,
): Date | null {
  const due = nextDue(timers, states);
  const looks = states.flatMap((state, index) => {
    const timer = timers[index];
    if (timer?.at.kind !== 'field' || state.fired > 0) return [];
    return [now.getTime() + (isOwnDate(timer) && !fresh ? lookAgainMs : lookElsewhereMs)];
  });
  const times = [...(due ? [due.getTime()] : []), ...looks];
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** How much is left of each, to go on with later. */
export function stopTimers(
  timers: readonly ApprovalTimer[],
  states: readonly TimerState[],
  env: Pick<TimerEnv, 'now' | 'timeZone' | 'hours'>,
): TimersLeft {
  return states.map((state, index) => {
    const timer = timers[index];
    const { fired } = state;
    const dated = timer?.at.kind === 'field' && fired === 0;
    if (!timer || state.due === null || dated || fired >= timesOf(timer)) return { left: null, fired };
    const due = new Date(state.due);
    const left =
      unitOf(timer, state) === 'workHour'
        ? workTimeBetween(env.timeZone, env.now, due, env.hours)
        : Math.max(0, due.getTime() - env.now.getTime());
    return { left, fired };
  });
}

/** Timers that stood still go on from now. */
export function resumeTimers(
  timers: readonly ApprovalTimer[],
  states: readonly TimerState[],
  left: TimersLeft,
  env: Pick<TimerEnv, 'now' | 'timeZone' | 'hours'>,
): TimerState[] {
  return states.map((state, index) => {
    const timer = timers[index];
    const rest = leftOf(left[index]).left;
    if (!timer || rest === null) return state;
    return { ...state, due: iso(goOn(timer, rest, env, state)) };
  });
}

function goOn(
  timer: ApprovalTimer,
  left: number,
  env: Pick<TimerEnv, 'now' | 'timeZone' | 'hours'>,
  state?: TimerState,
): Date {
  return unitOf(timer, state) === 'workHour'
    ? addWorkTime(env.timeZone, env.now, left, env.hours)
    : new Date(env.now.getTime() + left);
}

function unitOf(timer: ApprovalTimer, state?: TimerState): string {
  if (state && state.fired > 0 && timer.every) return timer.every.unit;
  return timer.at.kind === 'after' ? timer.at.unit : 'day';
}

function timesOf(timer: ApprovalTimer | undefined): number {
  if (!timer) return 0;
  const repeats = timer.action === 'remind' || timer.action === 'escalate';
  return repeats && timer.every ? timer.times : 1;
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
