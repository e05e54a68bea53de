import { type History, pushStep, redoStep, startHistory, undoStep } from '../../shared/designer/undo.js';
import { applyAction, type DesignAction } from './actions.js';
import type { Design } from './design.js';

export type DesignHistory = History<Design>;

export type HistoryAction =
  /** `merge`: changes in a row with the same name are one step of undo. */
  | { type: 'do'; action: DesignAction; merge?: string }
  | { type: 'undo' }
  | { type: 'redo' }
  /** Ends a run of merged changes, e.g. when the box loses its focus. */
  | { type: 'seal' }
  | { type: 'reset'; design: Design };

/** A history that begins with this design. */
export function historyOf(design: Design): DesignHistory {
  return startHistory(design);
}

/** The designer's reducer. */
export function historyReducer(state: DesignHistory, action: HistoryAction): DesignHistory {
  switch (action.type) {
    case 'do':
      return pushStep(state, applyAction(state.present, action.action), action.merge ?? null);
    case 'undo':
      return undoStep(state);
    case 'redo':
      return redoStep(state);
    case 'seal':
      return state.merge === null ? state : { ...state, merge: null };
    case 'reset':
      return historyOf(action.design);
  }
}
