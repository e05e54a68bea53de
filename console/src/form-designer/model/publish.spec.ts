import { laidField } from '@lianke/shared/forms/layout';
import { describe, expect, it } from 'vitest';
import type { FormView } from '../../api/queries.js';
import { applyAction } from './actions.js';
import { allowedResets, autonumberExample } from './autonumber-example.js';
import { type Design, designOf, newField } from './design.js';
import { diffOf, isEmptyDiff } from './diff.js';
import { readDraft, writtenDesign } from './draft.js';
import { faultsOf } from './faults.js';
import { field, sample } from './fixture.js';
import { mergeDesigns } from './merge.js';
import { addOptions, faultyOptions, labelsOf, settleOptions } from './options.js';
import { draftNames, payloadOf, writtenIds } from './payload.js';

function withNew(design: Design): Design {
  const added = { ...newField(design, 'select', '来源渠道', 'new-1'), rules: { required: true } };
  added.config = { ...added.config, options: addOptions([], ['官网', '展会']) as never };
  added.default = { kind: 'literal', value: 'new:2' };
  return applyAction(design, { type: 'addField', field: added, at: { section: 'a', index: 1 } });
}

describe('payloadOf', () => {
  it('names new fields by their name in the layout and gives new options their label as id', () => {
    const design = withNew(sample());
    const payload = payloadOf(design, draftNames(design));
    expect(payload.fields.map((item) => item.name)).toEqual(['客户名称', '来源渠道', '客户分级', '备注']);
    expect(payload.fields[1]?.id).toBeUndefined();
    expect(payload.fields[1]?.config?.options).toMatchObject([{ id: '官网' }, { id: '展会' }]);
    expect(payload.fields[1]?.default).toEqual({ kind: 'literal', value: '展会' });
    expect(payload.layout.sections[0]?.items.map(laidField)).toEqual(['f_name', '来源渠道', 'f_grade']);
  });

  it('leaves a new field out of the layout when its name is the key of another', () => {
    const design = withNew(sample());
    const named = applyAction(design, { type: 'updateField', uid: 'new-1', patch: { name: 'kgrade' } });
    const items = payloadOf(named, draftNames(named)).layout.sections[0]?.items;
    expect(items?.map(laidField)).toEqual(['f_name', 'f_grade']);
  });

  it('names new fields by the ids that the server gave', () => {
    const design = withNew(sample());
    const idOf = writtenIds(design, [
      ...['f_name', 'f_grade', 'f_note'].map((id) => ({ id, name: id, type: 'text' })),
      { id: 'f_source', name: '来源渠道', type: 'select' },
      { id: 'owner', name: '负责人', type: 'member', system: true },
    ]);
    const items = payloadOf(design, idOf).layout.sections[0]?.items;
    expect(items?.map(laidField)).toEqual(['f_name', 'f_source', 'f_grade']);
  });

  it('reads back words, lines, tabs and conditions of the layout, their fields named by id', () => {
    const words = { uid: 'e_words1', kind: 'text' as const, content: '<p>请如实填写</p>' };
    const when = { field: 'new-1', op: 'notEmpty' as const };
    let design = applyAction(withNew(sample()), { type: 'addElement', element: words, at: { section: 'a', index: 0 } });
    design = applyAction(design, { type: 'updateElement', uid: words.uid, patch: { visibleWhen: when } });
    design = applyAction(design, { type: 'updateSection', uid: 'a', patch: { tab: '基本', visibleWhen: when } });
    const named = { field: '来源渠道', op: 'notEmpty' };
    const { layout, fields } = payloadOf(design, draftNames(design));
    expect(layout.sections[0]).toMatchObject({ tab: '基本', visibleWhen: named });
    expect(layout.sections[0]?.items[0]).toEqual({
      element: { id: 'e_words1', kind: 'text', content: '<p>请如实填写</p>', visibleWhen: named },
      span: 1,
    });
    expect(fields.map((item) => item.name)).not.toContain('请如实填写');
    const again = designOf({
      name: design.name,
      fields: Object.values(design.fields).map((item) => ({
        ...item,
        id: item.uid,
        key: item.uid,
        writable: true,
      })) as never,
      layout: payloadOf(design, (uid) => uid).layout,
      settings: { summaryFields: [] },
    });
    expect(again.elements).toEqual(design.elements);
    expect(diffOf({ ...design, settings: again.settings }, again).layout).toBe(false);
    const gone = applyAction(design, { type: 'removeElement', uid: words.uid });
    expect(gone.sections[0]?.items.map((item) => item.field)).not.toContain(words.uid);
    expect(diffOf(design, gone).layout).toBe(true);
    expect(
      applyAction(design, { type: 'updateSection', uid: 'a', patch: { tab: undefined } }).sections[0],
    ).not.toHaveProperty('tab');
  });

  it('refuses words that say nothing', () => {
    const element = { uid: 'e_empty', kind: 'text' as const, content: '' };
    const design = applyAction(sample(), { type: 'addElement', element, at: { section: 'a', index: 0 } });
    expect(faultsOf(design)).toContainEqual({ code: 'wordsEmpty', field: 'e_empty', params: {} });
  });

  it('says in plain words what computed fields still miss, and not with the names of their settings', () => {
    const faulty = (type: 'formula' | 'lookup' | 'rollup', config: Record<string, string>) => {
      const added = { ...newField(sample(), type, '算出来的', 'new-2'), config };
      const design = applyAction(sample(), { type: 'addField', field: added, at: { section: 'a', index: 0 } });
      return faultsOf(design).map((fault) => fault.code);
    };
    expect(faulty('formula', { expression: ' ' })).toEqual(['formulaEmpty']);
    expect(faulty('lookup', { relation: '客户', field: '' })).toEqual(['lookupIncomplete']);
    expect(faulty('rollup', {})).toEqual(['rollupIncomplete']);
    expect(faulty('rollup', { formId: 'f', relation: 'f_customer', fn: 'sum' })).toEqual(['rollupIncomplete']);
    expect(faulty('formula', { expression: '1 + 1' })).not.toContain('formulaEmpty');
  });

  it('reads back what it wrote', () => {
    const design = sample();
    const payload = payloadOf(design, draftNames(design));
    const fields = payload.fields.map((item) => ({ ...item, writable: true }));
    const again = designOf({ ...payload, fields } as unknown as FormView);
    expect(isEmptyDiff(diffOf(design, again))).toBe(true);
  });

  it('sends a task form only when its title and its done field are known', () => {
    const done = field('f_done', '已完成', 'switch');
    let design = applyAction(sample(), { type: 'addField', field: done, at: { section: 'b', index: 0 } });
    const task = { title: 'f_name', owner: 'owner', done: '' };
    design = applyAction(design, { type: 'updateSettings', patch: { task } });
    expect(payloadOf(design, draftNames(design)).settings.task).toBeUndefined();
    expect(faultsOf(design).map((fault) => fault.code)).toContain('taskIncomplete');
    design = applyAction(design, { type: 'updateSettings', patch: { task: { ...task, done: 'f_done' } } });
    expect(payloadOf(design, draftNames(design)).settings.task).toEqual({
      title: 'f_name',
      owner: 'owner',
      done: 'f_done',
    });
  });
});

describe('diffOf', () => {
  it('is empty for the same form and names what changed otherwise', () => {
    const base = sample();
    expect(isEmptyDiff(diffOf(base, sample()))).toBe(true);
    let draft = withNew(base);
    draft = applyAction(draft, { type: 'removeField', uid: 'f_note' });
    draft = applyAction(draft, { type: 'updateField', uid: 'f_name', patch: { name: '客户全称', hint: '营业执照' } });
    const diff = diffOf(base, draft);
    expect(diff.added.map((item) => item.name)).toEqual(['来源渠道']);
    expect(diff.removed.map((item) => item.name)).toEqual(['备注']);
    expect(diff.changed.map((item) => item.aspects)).toEqual([['name', 'hint']]);
    expect(diff.layout).toBe(false);
  });

  it('sees a moved field', () => {
    const draft = applyAction(sample(), { type: 'moveField', uid: 'f_grade', at: { section: 'a', index: 0 } });
    expect(diffOf(sample(), draft).layout).toBe(true);
  });
});

describe('faultsOf', () => {
  it('names what keeps a form from being published', () => {
    let design = withNew(sample());
    expect(faultsOf(design)).toEqual([]);
    design = applyAction(design, { type: 'updateField', uid: 'f_note', patch: { name: '客户名称' } });
    const relation = newField(design, 'relation', '客户', 'new-2');
    design = applyAction(design, { type: 'addField', field: relation, at: { section: 'b', index: 9 } });
    design = applyAction(design, { type: 'rename', name: ' ' });
    expect(faultsOf(design).map((fault) => [fault.code, fault.field])).toEqual([
      ['formNameEmpty', undefined],
      ['nameTwice', 'f_note'],
      ['relationTarget', 'new-2'],
    ]);
  });

  it('refuses what is chosen from no options (nobody could fill it in)', () => {
    const design = applyAction(sample(), { type: 'updateField', uid: 'f_grade', patch: { config: { options: [] } } });
    expect(faultsOf(design)).toEqual([{ code: 'optionsNone', field: 'f_grade', params: { name: '客户分级' } }]);
  });
});

describe('mergeDesigns', () => {
  it('takes each side by the side that changed it', () => {
    const base = sample();
    const mine = withNew(applyAction(base, { type: 'updateField', uid: 'f_name', patch: { name: '客户全称' } }));
    let theirs = applyAction(base, { type: 'updateField', uid: 'f_name', patch: { hint: '营业执照上的' } });
    theirs = applyAction(theirs, { type: 'addField', field: field('f_city', '城市'), at: { section: 'b', index: 0 } });
    theirs = applyAction(theirs, { type: 'removeField', uid: 'f_note' });
    const { design, conflicts } = mergeDesigns(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(design.fields.f_name).toMatchObject({ name: '客户全称', hint: '营业执照上的' });
    expect(design.sections.map((section) => section.items.map(laidField))).toEqual([
      ['f_name', 'new-1', 'f_grade'],
      ['f_city'],
    ]);
    expect(design.fields.f_note).toBeUndefined();
  });

  it('keeps the draft and says so where both changed the same', () => {
    const base = sample();
    const mine = applyAction(base, { type: 'updateField', uid: 'f_name', patch: { name: '甲' } });
    const theirs = applyAction(base, { type: 'updateField', uid: 'f_name', patch: { name: '乙' } });
    const { design, conflicts } = mergeDesigns(base, mine, theirs);
    expect(design.fields.f_name?.name).toBe('甲');
    expect(conflicts.map((item) => item.theirs.name)).toEqual(['乙']);
  });
});

describe('options', () => {
  it('takes pasted lines once each', () => {
    expect(labelsOf(' A\r\nB\n\nA\tC ')).toEqual(['A', 'B', 'C']);
    const list = addOptions(addOptions([], ['A']), ['A', 'B'], 0);
    expect(list.map((option) => option.label)).toEqual(['B', 'A']);
    expect(new Set(list.map((option) => option.id)).size).toBe(2);
  });

  it('keeps published ids and makes new ones from the label', () => {
    const list = [{ id: 'A', label: '战略', color: 'red' as const }, ...addOptions([], ['A', 'B'])];
    expect(settleOptions(list).options.map((option) => option.id)).toEqual(['A', 'A_2', 'B']);
  });

  it('finds empty and repeated labels', () => {
    const options = addOptions([], ['A', 'B', 'C']).map((option, index) => ({
      ...option,
      label: ['A', ' ', 'A'][index] ?? '',
    }));
    expect(faultyOptions(options)).toEqual([1, 2]);
  });
});

describe('drafts', () => {
  const kept = {
    version: 3,
    base: writtenDesign(sample()),
    design: writtenDesign(withNew(sample())),
    revision: 2,
    savedAt: '2025-08-05T02:32:00Z',
    savedBy: null,
  };
  it('come back as they were kept and are left alone when they are no designs', () => {
    expect(readDraft(kept)).toEqual(kept);
    expect(readDraft(null)).toBeUndefined();
    expect(readDraft({ ...kept, design: { name: 'x' } })).toBeUndefined();
  });
});

describe('a changed condition', () => {
  it('is something to publish', () => {
    const base = sample();
    const patch = { rules: { visibleWhen: { field: 'f_name', op: 'notEmpty' as const } } };
    const design = applyAction(base, { type: 'updateField', uid: 'f_note', patch });
    expect(diffOf(base, design).changed.map((change) => change.aspects)).toEqual([['rules']]);
  });
});

describe('autonumber', () => {
  it('shows the number that the first record would get', () => {
    const config = { prefix: 'HT', date: 'YYYYMM' as const, digits: 3, reset: 'month' as const, gapless: false };
    expect(autonumberExample({ ...config, suffix: '' }, new Date(2025, 7, 5))).toBe('HT202508001');
    expect(autonumberExample({ ...config, suffix: '号' }, new Date(2025, 7, 5))).toBe('HT202508001号');
    expect(allowedResets('YYYY')).toEqual(['never', 'year']);
  });
});
