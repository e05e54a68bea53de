import { expect, it } from 'vitest';
import { applyAction } from './actions.js';
import type { Design, DesignField } from './design.js';
import { diffOf, isEmptyDiff, lostFields, touchedFields } from './diff.js';
import { field, sample } from './fixture.js';
import { mergeDesigns } from './merge.js';
import { innerOf, removedInner, withInner } from './subform.js';

const items: DesignField = {
  ...field('f_items', '明细', 'subform'),
  config: {
    formId: 'rows-form',
    fields: [field('f_good', '产品'), field('f_price', '单价', 'money')].map(({ uid: _, ...inner }) => inner) as never,
  },
};
const base = (): Design => applyAction(sample(), { type: 'addField', field: items, at: { section: 'b', index: 0 } });
const withRows = (design: Design, change: (fields: DesignField[]) => DesignField[]): Design => {
  const subform = design.fields.f_items as DesignField;
  const config = withInner(subform, change(innerOf(subform)));
  return applyAction(design, { type: 'updateField', uid: 'f_items', patch: { config } });
};

it('a column that is taken off its subform is named, counted and asked about as a field is', () => {
  const draft = withRows(base(), ([good]) => [{ ...(good as DesignField), name: '品名' }, field('f_count', '数量')]);
  const diff = diffOf(base(), draft);
  const [change] = diff.changed;
  expect(change?.aspects).toEqual(['rows']);
  expect(change?.rows?.added.map(({ name }) => name)).toEqual(['数量']);
  expect(change?.rows?.removed.map(({ name }) => name)).toEqual(['单价']);
  expect(change?.rows?.changed.map((item) => [item.before.name, item.after.name])).toEqual([['产品', '品名']]);
  expect(lostFields(diff)).toEqual([
    { field: expect.objectContaining({ uid: 'f_price' }), rows: { subform: items, formId: 'rows-form' } },
  ]);
  expect([...touchedFields(diff)]).toEqual([
    ['f_good', '明细.品名'],
    ['f_price', '明细.单价'],
  ]);
});

it('a subform that goes takes its columns along', () => {
  const diff = diffOf(base(), applyAction(base(), { type: 'removeField', uid: 'f_items' }));
  expect([...touchedFields(diff).values()]).toEqual(['明细', '明细.产品', '明细.单价']);
});

it('columns in another order are a change, what only the designer notes beside them is none', () => {
  expect(
    diffOf(
      base(),
      withRows(base(), (fields) => fields.toReversed()),
    ).changed.map(({ rows }) => rows),
  ).toEqual([{ added: [], removed: [], changed: [] }]);
  expect(
    isEmptyDiff(
      diffOf(
        base(),
        withRows(base(), (fields) => fields),
      ),
    ),
  ).toBe(true);
});

it('a column that was taken off can be put back as long as its data is there', () => {
  const published = withRows(base(), ([good]) => [good as DesignField]);
  const subform = published.fields.f_items as DesignField;
  const { uid: _, ...price } = innerOf(items)[1] as DesignField;
  const now = { ...subform, config: { ...subform.config, removed: [{ ...price, removedAt: '2026-03-01' }] as never } };
  expect(removedInner(now, now.config.removed).map(({ uid, name }) => [uid, name])).toEqual([['f_price', '单价']]);
  const back = { ...now, config: withInner(now, [...innerOf(now), innerOf(items)[1] as DesignField]) };
  expect(removedInner(back, now.config.removed)).toEqual([]);
});

it('two designers of one subform keep each what only he changed', () => {
  const mine = withRows(base(), (fields) => [...fields, field('f_count', '数量')]);
  const theirs = applyAction(base(), {
    type: 'updateField',
    uid: 'f_items',
    patch: { config: { ...items.config, maxRows: 5 } },
  });
  const { design, conflicts } = mergeDesigns(base(), mine, theirs);
  expect(conflicts).toEqual([]);
  expect(design.fields.f_items?.config.maxRows).toBe(5);
  expect(innerOf(design.fields.f_items as DesignField).map(({ name }) => name)).toEqual(['产品', '单价', '数量']);
});
