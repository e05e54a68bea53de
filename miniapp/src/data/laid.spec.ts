import { describe, expect, test } from 'vitest';
import { field, form } from '../../test/forms.js';
import { hasTabs, isLaid, laidBlocks } from './laid.js';
import { rulesFor } from './rules.js';

const env = { timeZone: 'Asia/Shanghai', now: new Date('2025-03-07T02:00:00Z'), me: null, myDepartments: [] };
const name = field('text', 'name', '名称');
const kind = field('text', 'kind', '类型');
const taxNo = field('text', 'taxNo', '税号');
const late = field('text', 'late', '后来的');
const when = { field: kind.id as string, op: 'eq', value: '企业' } as const;
const words = { id: 'e_word', kind: 'text', content: '<p>发票信息</p>', visibleWhen: when } as const;
const customer = form('customer', '客户', [name, kind, taxNo, late], {
  layout: {
    sections: [
      { title: '', columns: 2, items: [{ field: name.id, span: 1 }] },
      { title: '', columns: 2, tab: '类型', items: [{ field: kind.id, span: 1 }] },
      {
        title: '开票',
        columns: 2,
        tab: '开票',
        visibleWhen: when,
        items: [
          { element: words, span: 2 },
          { field: taxNo.id, span: 1 },
        ],
      },
    ],
  },
});
const blocks = (values: Record<string, string>, shown = customer.fields) =>
  laidBlocks(customer, shown, rulesFor(customer, values, env)).map((block) =>
    'tabs' in block
      ? block.tabs.map((tab) => `${tab.title}:${tab.parts.length}`)
      : block.parts.map((part) => ('field' in part ? part.field.key : '')),
  );

describe('a laid form', () => {
  test('shows tabs by their condition, and what the layout does not name last', () => {
    expect(isLaid(customer) && hasTabs(customer)).toBe(true);
    expect(blocks({})).toEqual([['name'], ['类型:1'], ['taxNo', 'late']]);
    expect(blocks({ kind: '企业' })).toEqual([['name'], ['类型:1', '开票:3'], ['late']]);
  });

  test('leaves out a section of which no field is there', () => {
    expect(blocks({ kind: '企业' }, [name])).toEqual([['name']]);
  });

  test('hides the fields of a section whose condition does not hold', () => {
    expect(rulesFor(customer, {}, env).stateOf(taxNo)?.visible).toBe(false);
    expect(rulesFor(customer, { kind: '企业' }, env).stateOf(taxNo)?.visible).toBe(true);
  });

  test('is none when it only orders fields', () => {
    expect(isLaid(form('plain', '普通', [name]))).toBe(false);
  });
});
