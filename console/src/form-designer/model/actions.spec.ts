import { describe, expect, it } from 'vitest';
import { applyAction, steppedPlace } from './actions.js';
import { type Design, newField } from './design.js';
import { fieldGroups, withGroup } from './field-groups.js';
import { sample } from './fixture.js';
import { historyOf, historyReducer } from './history.js';

const order = (design: Design) => design.sections.map((section) => section.items.map((item) => item.field));

describe('applyAction', () => {
  it('adds a field at the place and keeps its span within the section', () => {
    const design = sample();
    const field = newField(design, 'longText', '备注', 'new-1');
    const next = applyAction(design, { type: 'addField', field, at: { section: 'b', index: 0 }, span: 4 });
    expect(order(next)).toEqual([
      ['f_name', 'f_grade'],
      ['new-1', 'f_note'],
    ]);
    expect(next.sections[1]?.items[0]?.span).toBe(1);
    expect(next.fields['new-1']?.name).toBe('备注 2');
    expect(order(design)[1]).toEqual(['f_note']);
  });

  it('moves within a section counting the place before the move', () => {
    const next = applyAction(sample(), { type: 'moveField', uid: 'f_name', at: { section: 'a', index: 2 } });
    expect(order(next)[0]).toEqual(['f_grade', 'f_name']);
  });

  it('answers the same object when a field is dropped where it stands', () => {
    const design = sample();
    expect(applyAction(design, { type: 'moveField', uid: 'f_name', at: { section: 'a', index: 1 } })).toBe(design);
    expect(applyAction(design, { type: 'moveField', uid: 'f_name', at: { section: 'a', index: 0 } })).toBe(design);
  });

  it('takes a field of the system off the page only, and never the owner', () => {
    const design = sample();
    const system = { ...newField(design, 'datetime', '创建时间', 'createdAt'), system: true };
    const placed = applyAction(design, { type: 'addField', field: system, at: { section: 'b', index: 1 } });
    const lifted = applyAction(placed, { type: 'removeField', uid: 'createdAt' });
    expect(order(placed)[1]).toEqual(['f_note', 'createdAt']);
    expect(order(lifted)[1]).toEqual(['f_note']);
    expect(lifted.fields.createdAt).toBeDefined();
    expect(applyAction(design, { type: 'removeField', uid: 'owner' })).toBe(design);
  });

  it('removes a field together with what the settings say about it', () => {
    const next = applyAction(sample(), { type: 'removeField', uid: 'f_grade' });
    expect(order(next)[0]).toEqual(['f_name']);
    expect(next.settings.summaryFields).toEqual([]);
    expect(applyAction(next, { type: 'removeField', uid: 'f_name' }).settings.titleField).toBeUndefined();
  });

  it('neither changes nor removes a system field', () => {
    const design = sample();
    const owner = { ...newField(design, 'member', '负责人', 'owner'), system: true };
    const with_ = applyAction(design, { type: 'addField', field: owner, at: { section: 'a', index: 0 } });
    expect(applyAction(with_, { type: 'removeField', uid: 'owner' })).toBe(with_);
    expect(applyAction(with_, { type: 'updateField', uid: 'owner', patch: { name: '销售' } })).toBe(with_);
  });

  it('gives the fields of a removed section to its neighbour and keeps the last section', () => {
    const next = applyAction(sample(), { type: 'removeSection', uid: 'a' });
    expect(order(next)).toEqual([['f_name', 'f_grade', 'f_note']]);
    expect(next.sections[0]?.items[0]?.span).toBe(1);
    expect(applyAction(next, { type: 'removeSection', uid: 'b' })).toBe(next);
  });

  it('narrows items when a section gets fewer columns', () => {
    const next = applyAction(sample(), { type: 'updateSection', uid: 'a', patch: { columns: 1 } });
    expect(next.sections[0]?.items.map((item) => item.span)).toEqual([1, 1]);
  });

  it('clears a value that a patch sets to undefined', () => {
    const hinted = applyAction(sample(), { type: 'updateField', uid: 'f_name', patch: { hint: '全称' } });
    const cleared = applyAction(hinted, { type: 'updateField', uid: 'f_name', patch: { hint: undefined } });
    expect('hint' in (cleared.fields.f_name ?? {})).toBe(false);
  });
});

describe('steppedPlace', () => {
  const after = (uid: string, step: number) => {
    const design = sample();
    const at = steppedPlace(design, uid, step);
    return at ? order(applyAction(design, { type: 'moveField', uid, at })) : undefined;
  };
  it('moves one on and one back', () => {
    expect(after('f_name', 1)).toEqual([['f_grade', 'f_name'], ['f_note']]);
    expect(after('f_grade', -1)).toEqual([['f_grade', 'f_name'], ['f_note']]);
  });
  it('crosses into the next and the previous section at an edge', () => {
    expect(after('f_grade', 1)).toEqual([['f_name'], ['f_grade', 'f_note']]);
    expect(after('f_note', -1)).toEqual([['f_name', 'f_grade', 'f_note'], []]);
  });
  it('goes to the edge first when a row step would leave the section', () => {
    expect(after('f_name', 2)).toEqual([['f_grade', 'f_name'], ['f_note']]);
  });
  it('stays at the very ends', () => {
    expect(after('f_name', -1)).toBeUndefined();
    expect(after('f_note', 1)).toBeUndefined();
  });
});

describe('historyReducer', () => {
  const type = (text: string, merge?: string) =>
    ({ type: 'do', action: { type: 'rename', name: text }, ...(merge ? { merge } : {}) }) as const;

  it('undoes and redoes, and forgets the future after a new change', () => {
    let state = historyOf(sample());
    state = historyReducer(state, type('甲'));
    state = historyReducer(state, type('乙'));
    state = historyReducer(state, { type: 'undo' });
    expect(state.present.name).toBe('甲');
    state = historyReducer(state, { type: 'redo' });
    expect(state.present.name).toBe('乙');
    state = historyReducer(historyReducer(state, { type: 'undo' }), type('丙'));
    expect(historyReducer(state, { type: 'redo' })).toBe(state);
  });

  it('takes typing in one box as one step until it is sealed', () => {
    let state = historyOf(sample());
    for (const text of ['客', '客户', '客户表']) state = historyReducer(state, type(text, 'name'));
    expect(state.past).toHaveLength(1);
    state = historyReducer(state, { type: 'seal' });
    state = historyReducer(state, type('客户总表', 'name'));
    expect(state.past).toHaveLength(2);
    expect(historyReducer(state, { type: 'undo' }).present.name).toBe('客户表');
  });

  it('keeps no step for a change that changes nothing', () => {
    const state = historyOf(sample());
    const still = { type: 'moveField', uid: 'f_name', at: { section: 'a', index: 0 } } as const;
    expect(historyReducer(state, { type: 'do', action: still })).toBe(state);
  });
});

describe('field groups', () => {
  it('come as a section of their own, under names that are free', () => {
    const base = sample();
    const group = fieldGroups.find((item) => item.key === 'contact');
    if (!group) throw new Error('no such group');
    let n = 0;
    const once = withGroup(base, group, 'zh', () => `new-${n++}`);
    const twice = withGroup(once.design, group, 'zh', () => `new-${n++}`);
    expect(once.design.sections.at(-1)?.title).toBe('联系方式');
    const names = Object.values(twice.design.fields).map((field) => field.name);
    expect(new Set(names).size).toBe(names.length);
    expect(twice.design.sections).toHaveLength(base.sections.length + 2);
  });
});
