import { importOptions, planBody, type SheetPlan } from '@lianke/shared/imports/api';
import { describe, expect, it } from 'vitest';
import { headline, peopleToPlace, sortedIssues } from './counts.js';
import {
  bodyOf,
  includeSheet,
  mapColumn,
  moveHeader,
  type Plan,
  renameNewForm,
  setFactor,
  type TargetForm,
} from './plan.js';

const customerId = '00000000-0000-7000-8000-000000000001';
const contact: TargetForm = {
  id: '00000000-0000-7000-8000-000000000002',
  key: 'contact',
  name: '联系人',
  fields: [
    { key: 'name', type: 'text', config: {} },
    { key: 'customer', type: 'relation', config: { formId: customerId } },
  ],
};

function sheet(): SheetPlan {
  return {
    name: '客户',
    index: 0,
    headerRow: 2,
    rows: 10,
    include: true,
    preview: [],
    targets: [
      {
        key: 'customer',
        formId: customerId as never,
        formName: '客户信息表',
        newFields: [{ key: 'new:2', name: '备注', type: 'longText', config: {} }],
        mode: 'insert',
        matchOn: [],
      },
    ],
    columns: [
      { index: 0, header: '客户名称', samples: [], to: { target: 'customer', field: 'name', status: 'matched' } },
      { index: 1, header: '联系人', samples: [], to: { target: null, field: null, status: 'skipped' } },
      { index: 2, header: '备注', samples: [], to: { target: 'customer', field: 'new:2', status: 'new' } },
      {
        index: 3,
        header: '金额（万元）',
        samples: [],
        to: { target: 'customer', field: 'amount', status: 'matched', factor: 10_000 },
      },
    ],
  };
}
const plan = (): Plan => ({ sheets: [sheet()], options: importOptions.parse({}) });
const at = (of: Plan, column: number) => of.sheets[0]?.columns[column]?.to;

describe('mapColumn', () => {
  it('adds a form as a target of the row and links it to the customer', () => {
    const next = mapColumn(plan(), 0, 1, { kind: 'fieldOfForm', form: contact, field: 'name' });
    expect(at(next, 1)).toEqual({ target: 'contact', field: 'name', status: 'matched' });
    expect(next.sheets[0]?.targets[1]).toMatchObject({
      formId: contact.id,
      link: { field: 'customer', to: 'customer' },
    });
    expect(planBody.safeParse(bodyOf(next)).success).toBe(true);
  });

  it('drops the form again when no column feeds it', () => {
    const next = mapColumn(plan(), 0, 1, { kind: 'fieldOfForm', form: contact, field: 'name' });
    expect(mapColumn(next, 0, 1, { kind: 'skip' }).sheets[0]?.targets.map((target) => target.key)).toEqual([
      'customer',
    ]);
  });

  it('forgets a proposed field that lost its column, and keeps the unit', () => {
    const next = mapColumn(plan(), 0, 2, { kind: 'skip' });
    expect(next.sheets[0]?.targets[0]?.newFields).toEqual([]);
    expect(at(mapColumn(plan(), 0, 3, { kind: 'field', target: 'customer', field: 'price' }), 3)?.factor).toBe(10_000);
    expect(at(setFactor(plan(), 0, 3, 1), 3)?.factor).toBeUndefined();
  });

  it('takes a field away from the column that had it', () => {
    const next = mapColumn(plan(), 0, 2, { kind: 'field', target: 'customer', field: 'name' });
    expect(at(next, 0)?.status).toBe('skipped');
  });

  it('proposes a new field once, however often it is changed', () => {
    const choice = { kind: 'new' as const, target: 'customer', name: '对接人', type: 'text' as const, config: {} };
    const next = mapColumn(mapColumn(plan(), 0, 1, choice), 0, 1, { ...choice, type: 'tags' });
    expect(next.sheets[0]?.targets[0]?.newFields.map((field) => [field.key, field.type])).toEqual([
      ['new:2', 'longText'],
      ['new:1', 'tags'],
    ]);
  });
});

describe('a new field of a subform’s rows', () => {
  const choice = { kind: 'new' as const, target: 'customer', name: '批次', type: 'text' as const, config: {} };

  it('is proposed within the subform, and goes with its column', () => {
    const next = mapColumn(plan(), 0, 1, { ...choice, within: 'items' });
    expect(at(next, 1)).toEqual({ target: 'customer', field: 'items.new:1', status: 'new' });
    expect(next.sheets[0]?.targets[0]?.newFields[1]).toMatchObject({ key: 'items.new:1', within: 'items' });
    const back = mapColumn(next, 0, 1, choice);
    expect(back.sheets[0]?.targets[0]?.newFields.map(({ key }) => key)).toEqual(['new:2', 'new:1']);
  });
});

describe('sheets', () => {
  it('moves the header, leaves a sheet out, names a new form', () => {
    expect(moveHeader(plan(), 0, 4).sheets[0]?.headerRow).toBe(4);
    expect(includeSheet(plan(), 0, false).sheets[0]?.include).toBe(false);
    const made = plan();
    made.sheets[0]?.targets.push({
      key: 'x',
      formId: null,
      newForm: { name: '表' },
      formName: '表',
      newFields: [],
      mode: 'insert',
      matchOn: [],
    });
    expect(renameNewForm(made, 0, 'x', '台账').sheets[0]?.targets[1]).toMatchObject({
      newForm: { name: '台账' },
      formName: '台账',
    });
  });
});

describe('counts', () => {
  const counts = (formName: string, willImport: number) => ({
    sheet: '客户',
    target: formName,
    formName,
    rows: willImport,
    willImport,
    refused: 0,
    duplicates: 0,
    leavers: 0,
    warnings: 0,
  });
  const issue = (kind: 'leaver' | 'unknownLink' | 'badValue', subject: string, count: number) => ({
    kind,
    subject,
    count,
    sheet: '客户',
    message: '',
  });
  it('puts the first form on the button', () => {
    expect(headline([counts('客户', 3979), counts('联系人', 3900), counts('空', 0)])).toEqual({
      rows: 3979,
      others: [counts('联系人', 3900)],
    });
    expect(headline([])).toEqual({ rows: 0, others: [] });
  });
  it('lists what needs a decision first and each person once', () => {
    const issues = [
      issue('badValue', '邮箱', 65),
      issue('leaver', '小周', 70),
      issue('leaver', '小周', 8),
      issue('unknownLink', '客户', 15),
    ];
    expect(sortedIssues(issues).map((item) => item.kind)).toEqual(['unknownLink', 'leaver', 'leaver', 'badValue']);
    expect(peopleToPlace(issues)).toEqual([{ name: '小周', kind: 'leaver', count: 78 }]);
  });
});
