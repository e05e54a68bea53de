/** A value with its past and future. `merge` names the run of small changes (typing in one box) that undo as one. */
export interface History<T> {
  past: T[];
  present: T;
  future: T[];
  merge: string | null;
}

const maxSteps = 200;

/** A history that begins with this value. */
export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], merge: null };
}

/** Adds a step; changes in a row with the same `merge` are one step. A value that is the same object adds none. */
export function pushStep<T>(history: History<T>, present: T, merge: string | null = null): History<T> {
  if (present === history.present) return history;
  const merged = merge !== null && merge === history.merge && history.past.length > 0;
  return {
    past: merged ? history.past : [...history.past, history.present].slice(-maxSteps),
    present,
    future: [],
    merge,
  };
}

/** One step back; unchanged at the beginning. */
export function undoStep<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (history.past.length === 0 || present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], merge: null };
}

/** One step forward again; unchanged at the end. */
export function redoStep<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, merge: null };
}
