import { applyAction, type DesignAction } from './actions.js';
import type { Design } from './design.js';

/** A design with its past and future. `merge` names the run of small changes (typing in one box) that undo as one. */
export interface DesignHistory {
  past: Design[];
  present: Design;
  future: Design[];
  merge: string | null;
}

export type HistoryAction =
  /** `merge`: changes in a row with the same name are one step of undo. */
  | { type: 'do'; action: DesignAction; merge?: string }
  | { type: 'undo' }
  | { type: 'redo' }
  /** Ends a run of merged changes, e.g. when the box loses its focus. */
  | { type: 'seal' }
  | { type: 'reset'; design: Design };

const maxSteps = 200;

/** A history that begins with this design. */
export function historyOf(design: Design): DesignHistory {
  return { past: [], present: design, future: [], merge: null };
}

/** The designer's reducer. */
export function historyReducer(state: DesignHistory, action: HistoryAction): DesignHistory {
  switch (action.type) {
    case 'do': {
      const present = applyAction(state.present, action.action);
      if (present === state.present) return state;
      const merged = action.merge !== undefined && action.merge === state.merge && state.past.length > 0;
      return {
        past: merged ? state.past : [...state.past, state.present].slice(-maxSteps),
        present,
        future: [],
        merge: action.merge ?? null,
      };
    }
    case 'undo': {
      const previous = state.past.at(-1);
      if (!previous) return state;
      return {
        past: state.past.slice(0, -1),
        present: previous,
        future: [state.present, ...state.future],
        merge: null,
      };
    }
    case 'redo': {
      const [next, ...future] = state.future;
      if (!next) return state;
      return { past: [...state.past, state.present], present: next, future, merge: null };
    }
    case 'seal':
      return state.merge === null ? state : { ...state, merge: null };
    case 'reset':
      return historyOf(action.design);
  }
}
