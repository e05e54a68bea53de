import { describe, expect, it } from 'vitest';
import type { ReadField } from '../api/queries.js';
import { laidFields, sectionsOf, stageFieldOf, titleFieldOf } from './layout.js';

const field = (key: string, type: ReadField['type'], more: Partial<ReadField> = {}): ReadField =>
  ({
    id: `f_${key.padEnd(10, '0')}`,
    key,
    name: key,
    type,
    config: {},
    rules: {},
    writable: true,
    ...more,
  }) as ReadField;

const code = field('code', 'autonumber');
const name = field('name', 'text');
const note = field('note', 'longText');
const stage = field('stage', 'select', { config: { stages: true } });
const owner = field('owner', 'member', { system: true });
const fields = [code, name, note, stage, owner];
const names = (sections: ReturnType<typeof sectionsOf>) =>
  sections.map((section) => laidFields(section).map((item) => `${item.field.key}:${item.span}`));

describe('sectionsOf', () => {
  it('puts everything into one section without a layout, system fields left out', () => {
    expect(names(sectionsOf({ fields, layout: { sections: [] } }))).toEqual([
      ['code:1', 'name:1', 'note:2', 'stage:1'],
    ]);
  });
  it('follows the layout by id or key, and appends what it names nowhere', () => {
    const sections = sectionsOf({
      fields,
      layout: {
        sections: [
          { title: '一', columns: 1, items: [{ field: 'name', span: 4 }] },
          {
            title: '二',
            columns: 2,
            items: [
              { field: stage.id, span: 1 },
              { field: 'gone', span: 1 },
            ],
          },
        ],
      },
    });
    expect(names(sections)).toEqual([['name:1'], ['stage:1', 'code:1', 'note:2']]);
  });
  it('shows a field once and drops empty sections', () => {
    const sections = sectionsOf({
      fields: [name],
      layout: {
        sections: [
          { title: 'a', columns: 2, items: [{ field: 'name', span: 1 }] },
          { title: 'b', columns: 2, items: [{ field: name.id, span: 1 }] },
        ],
      },
    });
    expect(names(sections)).toEqual([['name:1']]);
  });
});

describe('words and tabs', () => {
  it('keep their place, and a section of words alone stands', () => {
    const element = { id: 'e_note', kind: 'text' as const, content: '<p>请如实填写</p>' };
    const [only] = sectionsOf({
      fields: [owner],
      layout: { sections: [{ title: '', columns: 2, tab: '说明', items: [{ element, span: 4 }] }] },
    });
    expect(only).toMatchObject({ tab: '说明', items: [{ element, span: 2 }] });
  });
});

describe('title and stage', () => {
  it('prefer the form’s choice, then the first text, then the first field', () => {
    expect(titleFieldOf({ fields, settings: { titleField: 'stage', summaryFields: [] } })?.key).toBe('stage');
    expect(titleFieldOf({ fields, settings: { summaryFields: [] } })?.key).toBe('name');
    expect(titleFieldOf({ fields: [code, owner], settings: { summaryFields: [] } })?.key).toBe('code');
    expect(stageFieldOf({ fields })?.key).toBe('stage');
    expect(stageFieldOf({ fields: [name] })).toBeUndefined();
  });
});
