import { readFile } from 'node:fs/promises';
import type { FormId, ImportId, MemberId, RecordId } from '@lianke/shared/ids';
import { type ImportOptions, importOptions, type SheetPlan } from '@lianke/shared/imports/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { proposePlan } from '../columns/propose-plan.js';
import { compilePlan } from '../plan/compile-plan.js';
import { People } from '../plan/people.js';
import { RowIds } from '../plan/row-ids.js';
import { importWords } from '../words.js';
import { readWorkbook } from '../workbook/read-workbook.js';
import type { Workbook } from '../workbook/workbook.js';
import { Evaluation } from './evaluation.js';
import { Evaluator } from './evaluator.js';
import { type ExistingRecords, nothingExists } from './existing.js';
import { issueRows } from './issue-rows.js';

const importId = '01920000-0000-7000-8000-0000000000aa' as ImportId;
const names = ['刘洋', '陈静', '张敏', '王芳', '李伟', '小周'];
const members = names.map((name, index) => ({
  id: `01920000-0000-7000-8000-00000000000${index}` as MemberId,
  name,
  account: null,
  mobile: null,
  state: name === '小周' ? ('left' as const) : ('active' as const),
}));
const nameOf = (id: string) => members.find((member) => member.id === id)?.name ?? '';
const now = new Date('2026-08-01T02:00:00Z');

/** Records that will be made, by target. */
function created({ plan, evaluator }: Evaluation): Record<string, number> {
  const made: Record<string, number> = {};
  for (const sheet of plan.sheets)
    for (const at of sheet.table.dataRows)
      for (const { op, target } of evaluator.outcome(sheet, at).writes)
        if (op === 'create') made[target] = (made[target] ?? 0) + 1;
  return made;
}

describe('the check of the ledger', () => {
  let ledger: Workbook;
  let plans: SheetPlan[];
  beforeAll(async () => {
    ledger = await readWorkbook(await readFile(new URL('../../../../test/fixtures/客户台账.xlsx', import.meta.url)));
    plans = proposePlan(ledger, {
      forms: [],
      mayDesign: true,
      isPerson: (text) => names.includes(text),
      fileName: '客户台账',
      words: importWords.zh,
    });
  });

  async function check(
    options: Partial<ImportOptions> = {},
    existing: ExistingRecords = nothingExists,
    words = importWords.zh,
  ) {
    const parsed = importOptions.parse(options);
    const plan = compilePlan(ledger, plans, parsed, {
      forms: [],
      people: new People(members, parsed.people),
      ids: new RowIds(importId),
      timeZone: 'Asia/Shanghai',
      words,
    });
    return Evaluation.of(plan, new Evaluator(plan, existing, now), async () => {});
  }
  const counted = (evaluation: Evaluation) =>
    Object.fromEntries(
      evaluation
        .check()
        .counts.map((count) => [
          count.target,
          [count.rows, count.willImport, count.refused, count.duplicates, count.leavers, count.ambiguous],
        ]),
    );
  const issues = (evaluation: Evaluation) =>
    evaluation.check().issues.map((issue) => [issue.kind, issue.sheet, issue.subject, issue.count]);

  it('counts 3,979 + 21 customers with 75 repeats and 78 of a leaver, and 3,923 + 62 + 15 follow-ups', async () => {
    const evaluation = await check();
    expect(counted(evaluation)).toEqual({
      customer: [4000, 3979, 21, 75, 78, 0],
      contact: [4000, 3979, 21, 0, 0, 0],
      opportunity: [4000, 3979, 21, 0, 0, 0],
      followUp: [4000, 3923, 15, 0, 0, 62],
    });
    expect(issues(evaluation)).toEqual([
      ['ambiguousLink', '跟进记录', '客户名称', 62],
      ['unknownLink', '跟进记录', '客户名称', 15],
      ['refused', '客户', '没有客户名称', 21],
      ['leaver', '客户', '（离职）小周', 78],
      ['duplicate', '客户', '客户名称', 75],
      ['badValue', '客户', '预计成交金额', 162],
      ['badValue', '客户', '邮箱', 65],
      ['mappedOption', '客户', '客户分级', 136],
    ]);
    expect(evaluation.total).toBe(3979 * 3 + 3923);
  });

  it('counts and tells the same in the language of the person who imports', async () => {
    const evaluation = await check({}, nothingExists, importWords.en);
    expect(counted(evaluation)).toEqual(counted(await check()));
    const told = evaluation.check().issues.map((issue) => issue.message);
    expect(told.slice(0, 6)).toEqual([
      '62 rows with a 客户名称 of several records: choose row by row',
      '15 rows whose 客户名称 was not found',
      '21 rows not imported: no 客户名称',
      '78 rows of people who have left: left unassigned',
      '75 rows with a name that repeats: created all the same',
      '162 rows with a 预计成交金额 that is not understood: left empty',
    ]);
    const [first] = evaluation.leftOut();
    expect(first?.reason).toBe('no 客户名称');
    const found = evaluation.rowsOf('badValue', '客户', '邮箱');
    const [bad] = found ? issueRows(evaluation, found.sheet, found.rows, 'badValue', '邮箱', nameOf) : [];
    expect(bad?.reason).toMatch(/^邮箱 "[^"]+": .*; left empty$/);
  });

  it('opens the rows behind each count, before and after', async () => {
    const evaluation = await check();
    const open = (kind: Parameters<Evaluation['rowsOf']>[0], sheetName: string, subject?: string) => {
      const found = evaluation.rowsOf(kind, sheetName, subject);
      return found ? issueRows(evaluation, found.sheet, found.rows, kind, subject, nameOf) : [];
    };
    const refused = open('refused', '客户');
    expect(refused).toHaveLength(21);
    expect(refused[0]?.reason).toBe('没有客户名称');
    const homeless = open('refused', '跟进记录');
    expect(homeless).toHaveLength(15);
    expect(homeless[0]?.reason).toMatch(/没有/);
    const grades = open('mappedOption', '客户', '客户分级');
    expect(grades).toHaveLength(136);
    const pairs = new Set(
      grades.flatMap((row) =>
        row.cells.filter((cell) => cell.header === '客户分级').map((cell) => `${cell.before}→${cell.after}`),
      ),
    );
    expect([...pairs].sort()).toEqual(['B级→B', 'a→A', '战略客户→A']);
    const mails = open('badValue', '客户', '邮箱');
    expect(mails).toHaveLength(65);
    expect(mails[0]?.reason).toMatch(/^邮箱“c\d+ at example\.com”：邮箱地址不对，留空$/);
    const repeats = open('duplicate', '客户');
    expect(repeats).toHaveLength(75);
    expect(repeats.filter((row) => /负责人 .+这一行的负责人/.test(row.reason)).length).toBeGreaterThan(60);
    const leavers = open('leaver', '客户', '（离职）小周');
    expect(leavers[0]?.cells.find((cell) => cell.header === '负责人')).toEqual({
      header: '负责人',
      before: '（离职）小周',
      after: '待分配',
    });
    const imported = open('import', '客户');
    expect(imported).toHaveLength(3979);
    expect(imported[0]).toMatchObject({ row: 4, reason: '' });
    expect(imported[0]?.cells.map((cell) => `${cell.before}→${cell.after}`)).toContain('300→3000000');
  });

  it('puts 62 follow-ups to the person, who may choose each or let the owner decide', async () => {
    const evaluation = await check();
    const found = evaluation.rowsOf('ambiguousLink', '跟进记录');
    const rows = found ? issueRows(evaluation, found.sheet, found.rows, 'ambiguousLink', undefined, nameOf) : [];
    expect(rows).toHaveLength(62);
    expect(rows.every((row) => row.chosen === null && (row.candidates?.length ?? 0) > 1)).toBe(true);
    const links = Object.fromEntries(rows.slice(0, 10).map((row) => [row.key ?? '', row.candidates?.[1]?.id ?? null]));
    links[rows[10]?.key ?? ''] = null;
    expect(counted(await check({ links })).followUp).toEqual([4000, 3933, 16, 0, 0, 51]);
    expect(counted(await check({ ambiguous: 'owner' })).followUp).toEqual([4000, 3923 + 21, 15, 0, 0, 41]);
    expect(counted(await check({ ambiguous: 'first' })).followUp).toEqual([4000, 3985, 15, 0, 0, 0]);
    expect(counted(await check({ ambiguous: 'refuse' })).followUp).toEqual([4000, 3923, 77, 0, 0, 0]);
  });

  it('makes one customer of repeats when they are merged, and then no follow-up is ambiguous', async () => {
    const evaluation = await check({ duplicates: 'merge' });
    expect(counted(evaluation)).toMatchObject({
      customer: [4000, 3979, 21, 75, 78, 0],
      followUp: [4000, 3985, 15, 0, 0, 0],
    });
    expect(created(evaluation)).toMatchObject({ customer: 3904, followUp: 3985 });
    const [sheet] = evaluation.plan.sheets;
    const repeat = evaluation.rowsOf('duplicate', '客户')?.rows[0] ?? 0;
    const group = sheet && evaluation.evaluator.groupOf(sheet, repeat);
    const head = group?.rows[0] ?? 0;
    const outcomes = sheet ? [head, repeat].map((at) => evaluation.evaluator.outcome(sheet, at)) : [];
    const [first, second] = outcomes;
    expect(first?.writes.map((write) => write.target)).toEqual(['customer', 'contact', 'opportunity']);
    expect(second?.writes.map((write) => write.target)).toEqual(['contact', 'opportunity']);
    expect(second?.writes[0]?.values['new:link']).toBe(first?.writes[0]?.id);
  });

  it('leaves repeats out when they are skipped', async () => {
    const evaluation = await check({ duplicates: 'skip' });
    expect(counted(evaluation)).toMatchObject({
      customer: [4000, 3904, 21, 75, 78, 0],
      contact: [4000, 3904, 21, 0, 0, 0],
      followUp: [4000, 3985, 15, 0, 0, 0],
    });
  });

  it('writes one row into three linked forms, with units, dates and people in their own form', async () => {
    const evaluation = await check({ people: { '（离职）小周': members[4]?.id ?? null } });
    const [sheet] = evaluation.plan.sheets;
    const at = 3;
    const outcome = sheet && evaluation.evaluator.outcome(sheet, at);
    const plain = outcome?.writes.map((write) =>
      Object.fromEntries(Object.entries(write.values).map(([key, value]) => [key.replace('new:', ''), value])),
    );
    const customer = outcome?.writes[0]?.id;
    expect(plain).toEqual([
      {
        1: '*ST腾邦',
        2: '旅游服务',
        3: '50-200人',
        8: { city: '成都市', district: '高新区', detail: '天府大道334号' },
        9: '转介绍',
        10: 'C',
        16: '2024-11-26',
        17: '2025-02-13T08:11:00.000Z',
        18: '对接人常出差😀',
        owner: members[4]?.id,
      },
      { 4: '陈经理', 5: '技术负责人', 6: ['13632945116'], 7: 'c1@example.com', link: customer, owner: members[4]?.id },
      {
        13: '3000000',
        14: '初步接触',
        15: '2025-04-01',
        title: '*ST腾邦的商机',
        link: customer,
        owner: members[4]?.id,
      },
    ]);
    const leaver = evaluation.rowsOf('leaver', '客户')?.rows[0] ?? 0;
    expect(
      sheet &&
        evaluation.evaluator.outcome(sheet, leaver).writes.every((write) => write.values.owner === members[4]?.id),
    ).toBe(true);
  });

  it('dates a follow-up by itself and signs it with its own person', async () => {
    const evaluation = await check();
    const sheet = evaluation.plan.sheets[1];
    const write = sheet && evaluation.evaluator.outcome(sheet, 1).writes[0];
    expect(write?.values).toMatchObject({
      createdAt: '2025-02-28T16:00:00.000Z',
      createdBy: members[1]?.id,
      owner: members[1]?.id,
      'new:1': '2025-02-28T16:00:00.000Z',
    });
  });

  it('sees records that exist already and joins them', async () => {
    const known = (id: string): ExistingRecords => ({
      same: (target, key) =>
        target === 'customer' && key === '格尔软件'
          ? [{ id: id as RecordId, owner: null, row: null, label: '已有客户，负责人 王芳' }]
          : [],
      named: () => [],
    });
    const id = '01910000-0000-7000-8000-000000000001';
    const created = await check({}, known(id));
    expect(counted(created).customer).toEqual([4000, 3979, 21, 76, 78, 0]);
    const merged = await check({ duplicates: 'merge' }, known(id));
    const [sheet] = merged.plan.sheets;
    const writes = sheet && merged.evaluator.outcome(sheet, 4).writes;
    expect(writes?.[0]).toMatchObject({ op: 'fill', id });
    expect(writes?.[1]?.values['new:link']).toBe(id);
    expect(merged.check().counts[0]?.updates).toBe(1);
  });

  it('updates by a chosen field and says what it does not find', async () => {
    const form = {
      id: '01920000-0000-7000-8000-00000000f001' as FormId,
      key: 'customer',
      name: '客户',
      title: 'name',
      fields: [
        { key: 'name', name: '客户名称', type: 'text' as const, config: {}, required: true, system: false },
        { key: 'industry', name: '所属行业', type: 'text' as const, config: {}, required: false, system: false },
      ],
    };
    const [plan] = proposePlan(ledger, {
      forms: [form],
      mayDesign: false,
      isPerson: () => false,
      fileName: '',
      words: importWords.zh,
    });
    const target = plan?.targets[0];
    if (!plan || !target) throw new Error('no plan');
    const update = { ...plan, targets: [{ ...target, mode: 'update' as const, matchOn: ['name'] }] };
    const options = importOptions.parse({});
    const compiled = compilePlan(ledger, [update], options, {
      forms: [form],
      people: new People([]),
      ids: new RowIds(importId),
      timeZone: 'UTC',
      words: importWords.zh,
    });
    const existing: ExistingRecords = {
      same: (_, key) =>
        key === '格尔软件'
          ? [{ id: '01910000-0000-7000-8000-000000000001' as RecordId, owner: null, row: null, label: '' }]
          : [],
      named: () => [],
    };
    const evaluation = await Evaluation.of(compiled, new Evaluator(compiled, existing, now), async () => {});
    expect(counted(evaluation)).toEqual({ customer: [4000, 1, 3999, 0, 0, 0] });
    expect(evaluation.evaluator.outcome(compiled.sheets[0] as never, 4).writes).toEqual([
      {
        target: 'customer',
        op: 'change',
        id: '01910000-0000-7000-8000-000000000001',
        values: { name: '格尔软件', industry: '软件服务' },
      },
    ]);
  });
});
