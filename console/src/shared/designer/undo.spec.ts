import { describe, expect, it } from 'vitest';
import { pushStep, redoStep, startHistory, undoStep } from './undo.js';

describe('history', () => {
  it('goes back and forth', () => {
    let history = pushStep(pushStep(startHistory('a'), 'b'), 'c');
    history = undoStep(undoStep(history));
    expect(history.present).toBe('a');
    expect(undoStep(history)).toBe(history);
    history = redoStep(history);
    expect(history.present).toBe('b');
    expect(pushStep(history, 'd').future).toEqual([]);
  });

  it('undoes a run of merged changes as one', () => {
    let history = startHistory('');
    for (const text of ['x', 'xy', 'xyz']) history = pushStep(history, text, 'title');
    expect(undoStep(history).present).toBe('');
    history = pushStep(history, 'xyz!', 'other');
    expect(undoStep(history).present).toBe('xyz');
  });

  it('does not merge into a step that was gone back over', () => {
    let history = pushStep(pushStep(startHistory('a'), 'b', 'title'), 'c', 'title');
    history = pushStep(redoStep(undoStep(history)), 'd', 'title');
    expect(undoStep(history).present).toBe('c');
  });

  it('adds no step for the same value', () => {
    const history = startHistory({ a: 1 });
    expect(pushStep(history, history.present)).toBe(history);
  });

  it('forgets steps beyond the last 200', () => {
    let history = startHistory(0);
    for (let step = 1; step <= 300; step++) history = pushStep(history, step);
    expect(history.past).toHaveLength(200);
    expect(history.past[0]).toBe(100);
  });
});
