import { describe, expect, it } from 'vitest';
import { layoutBlocks, layoutConditions, withSectionRules } from './layout.js';
import { formLayout } from './layout-schema.js';

const when = { field: 'grade', op: 'eq', value: 'a' } as const;
const layout = formLayout.parse({
  sections: [
    { title: '基本', items: [{ field: 'name' }, { element: { id: 'e_word', kind: 'text', content: '<p>填</p>' } }] },
    { title: '开票', visibleWhen: when, items: [{ field: 'taxNo', span: 2 }] },
  ],
});

describe('a layout', () => {
  it('tells fields from words, and refuses an element without a proper id', () => {
    expect(layout.sections[0]?.items[1]).toEqual({
      element: { id: 'e_word', kind: 'text', content: '<p>填</p>' },
      span: 1,
    });
    expect(formLayout.safeParse({ sections: [{ items: [{ element: { id: '<b>', kind: 'text' } }] }] }).success).toBe(
      false,
    );
  });

  it('hides the fields of a section with its condition, beside their own', () => {
    const own = { field: 'grade', op: 'notEmpty' } as const;
    const fields = [
      { id: 'f_1', key: 'name', rules: {} },
      { id: 'f_2', key: 'taxNo', rules: { visibleWhen: own } },
    ];
    const [name, taxNo] = withSectionRules(fields, layout);
    expect(name?.rules).toEqual({});
    expect(taxNo?.rules).toEqual({ visibleWhen: { and: [own, when] } });
    expect(layoutConditions(layout)).toEqual([when]);
  });

  it('makes strips of neighbouring tabs', () => {
    const sections = [
      { n: 1 },
      { n: 2, tab: 'A' },
      { n: 3, tab: 'B' },
      { n: 4, tab: 'A' },
      { n: 5 },
      { n: 6, tab: 'A' },
    ];
    expect(
      layoutBlocks(sections).map((block) =>
        'tabs' in block
          ? block.tabs.map((tab) => `${tab.title}${tab.sections.map((item) => item.n)}`)
          : block.section.n,
      ),
    ).toEqual([1, ['A2,4', 'B3'], 5, ['A6']]);
  });
});
