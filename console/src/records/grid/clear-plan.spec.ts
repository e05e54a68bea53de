import { expect, it } from 'vitest';
import type { FormView, ReadField } from '../../api/queries.js';
import type { Column } from '../columns.js';
import { clearPlan } from './clear-plan.js';
import type { GridItem } from './items.js';

const field = (key: string, more: Partial<ReadField> = {}) =>
  ({
    ...{ id: `f_${key.padEnd(10, '0')}`, key, name: key, type: 'text', config: {}, rules: {}, writable: true },
    ...more,
  }) as ReadField;
const fields = [
  field('name', { rules: { required: true } }),
  field('note'),
  field('kept', { writable: false }),
  field('phone'),
];
const form = { fields, settings: { summaryFields: [] }, actions: ['edit'] } as unknown as FormView;
const columns = fields.map((item) => ({ field: item, width: 100 })) as unknown as Column[];
const record = (id: string, values: Record<string, string | null>, masked?: string[]): GridItem => ({
  kind: 'record',
  record: { id, label: '', version: 1, values, ...(masked ? { masked } : {}) } as never,
});

it('empties the whole block, keeps what is required, kept or masked, and counts it (only the active cell was emptied)', () => {
  const rows: GridItem[] = [
    record('1', { name: '甲', note: '一', kept: '系统', phone: '138' }),
    { kind: 'wait', key: '' },
    record('2', { name: '乙', note: null, kept: null, phone: '1**' }, ['phone']),
    record('3', { name: '丙', note: '三', kept: '系统', phone: '139' }),
  ];
  const plan = clearPlan(form, rows, columns, { top: 0, bottom: 2, left: 0, right: 3 }, {} as never);
  expect(plan).toEqual({ update: [{ id: '1', values: { note: null, phone: null } }], cells: 2, skipped: 4 });
});
