import type { RecordView } from '@lianke/shared/records/query';
import { describe, expect, it } from 'vitest';
import { type GridItem, heldStill } from './items.js';

const record = (id: string, version: number): GridItem => ({
  kind: 'record',
  record: { id, version, label: id, values: {} } as RecordView,
});

describe('rows while a cell is edited', () => {
  it('stay in their places, show what others changed, and keep the edited record as it was', () => {
    const before = [record('a', 1), record('b', 1), record('c', 1)];
    const now = [record('new', 1), record('c', 2), record('b', 2)];
    expect(heldStill(before, now, 'b')).toEqual([record('a', 1), record('b', 1), record('c', 2)]);
  });
});
