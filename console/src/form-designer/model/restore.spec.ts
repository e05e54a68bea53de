import { expect, it } from 'vitest';
import { applyAction } from './actions.js';
import { isEmptyDiff } from './diff.js';
import { field, sample } from './fixture.js';
import { restoreDiff } from './restore.js';
import { innerOf, withInner } from './subform.js';

it('says before an old version comes back what that takes away, brings back and changes', () => {
  const old = sample();
  let now = applyAction(old, { type: 'removeField', uid: 'f_note' });
  now = applyAction(now, { type: 'addField', field: field('f_city', '城市'), at: { section: 'b', index: 0 } });
  now = applyAction(now, { type: 'updateField', uid: 'f_name', patch: { name: '客户全称' } });
  const { diff } = restoreDiff(now, old);
  expect(diff.added.map(({ name }) => name)).toEqual(['备注']);
  expect(diff.removed.map(({ name }) => name)).toEqual(['城市']);
  expect(diff.changed.map(({ before, after }) => [before.name, after.name])).toEqual([['客户全称', '客户名称']]);
});

it('leaves a field alone that was converted since', () => {
  const old = sample();
  const grade = old.fields.f_grade;
  const now = {
    ...old,
    fields: { ...old.fields, f_grade: { ...field('f_grade', '客户分级'), type: 'text' as const } },
  };
  expect(grade?.type).toBe('select');
  const { diff, kept } = restoreDiff(now, old);
  expect(isEmptyDiff(diff)).toBe(true);
  expect(kept).toEqual(['客户分级']);
});

it('leaves a column alone that was converted since, and says so instead of calling its settings changed', () => {
  const items = { ...field('f_items', '明细', 'subform'), config: {} };
  const columns = [field('f_good', '产品'), field('f_price', '单价')];
  const subform = { ...items, config: withInner(items, columns) };
  const old = applyAction(sample(), { type: 'addField', field: subform, at: { section: 'b', index: 0 } });
  const converted = innerOf(subform).map((column) =>
    column.uid === 'f_price' ? { ...column, type: 'number' as const, config: { decimals: 2 } } : column,
  );
  const patch = { config: withInner(subform, converted) };
  const { diff, kept } = restoreDiff(applyAction(old, { type: 'updateField', uid: 'f_items', patch }), old);
  expect(isEmptyDiff(diff)).toBe(true);
  expect(kept).toEqual(['明细.单价']);
});
