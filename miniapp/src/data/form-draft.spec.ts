import { expect, it } from 'vitest';
import { changedByOthers, resumed, typedValues } from './form-draft.js';

const draft = { id: 'x', at: 0, base: { name: '甲', stage: 'a', city: '上海' } };

it('going on with an edit keeps what others wrote meanwhile in the fields one did not touch', () => {
  const typed = { ...draft, values: { name: '甲乙', stage: 'a', city: '上海' } };
  expect(resumed(typed, { name: '甲', stage: 'b', city: '上海' })).toEqual({
    values: { name: '甲乙', stage: 'b', city: '上海' },
    over: [],
  });
});

it('names the fields that both changed; a value both wrote alike is none', () => {
  const typed = { ...draft, values: { name: '甲乙', stage: 'c', city: '北京' } };
  expect(resumed(typed, { name: '丙', stage: 'a', city: '北京' })).toEqual({
    values: { name: '甲乙', stage: 'c', city: '北京' },
    over: ['name'],
  });
});

it('a new record has what was typed over what it starts with', () => {
  expect(resumed({ id: 'x', at: 0, values: { name: '甲' } }, { name: '', owner: '我' })).toEqual({
    values: { name: '甲', owner: '我' },
    over: [],
  });
});

it('rows of an edit come back with what only the server keeps', () => {
  const fields = [
    {
      key: 'family',
      type: 'subform',
      config: {
        fields: [
          { key: 'who', type: 'text' },
          { key: 'card', type: 'text', encrypted: true },
        ],
      },
    },
  ] as never;
  const kept = (who: string) => ({ family: [{ id: 'r', values: { who } }] });
  const now = { family: [{ id: 'r', values: { who: '父', card: '4405' } }] };
  expect(resumed({ id: 'x', at: 0, base: kept('父'), values: kept('父亲') }, now, fields)).toEqual({
    values: { family: [{ id: 'r', values: { who: '父亲', card: '4405' } }] },
    over: [],
  });
});

it("what others changed while the page was open is not sent back as one's own", () => {
  const base = { name: '甲', stage: 'a' };
  const typed = typedValues(['name', 'stage'], { name: '甲乙', stage: 'a' }, base);
  expect(typed).toEqual({ name: '甲乙' });
  expect(changedByOthers(typed, base, { name: '甲', stage: 'b' })).toEqual([]);
  expect(changedByOthers(typed, base, { name: '丙', stage: 'b' })).toEqual(['name']);
});
