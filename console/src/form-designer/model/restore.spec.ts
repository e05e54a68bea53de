import { expect, it } from 'vitest';
import { applyAction } from './actions.js';
import { isEmptyDiff } from './diff.js';
import { field, sample } from './fixture.js';
import { restoreDiff } from './restore.js';

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
