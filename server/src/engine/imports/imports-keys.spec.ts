import type { ImportView } from '@lianke/shared/imports/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine } from '../../../test/support/imports.js';
import { ImportsService } from './imports.service.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
});
afterAll(() => closeImportEngine(engine));

type Mode = 'update' | 'upsert';

/** A company with one form and the rows of a first file in it. */
async function ledger(fields: object[], csv: string): Promise<Company> {
  const company = await Company.open(engine);
  await company.tenant.form({ appId: company.appId, key: 'ledger', name: '台账', fields: fields as never });
  const first = await company.upload(Buffer.from(csv), '台账.csv');
  await company.start(first.id);
  return company;
}

async function again(company: Company, csv: string, mode: Mode, matchOn: string[]): Promise<ImportView> {
  const uploaded = await company.upload(Buffer.from(csv), '台账.csv');
  const sheets = uploaded.sheets.map((sheet) => ({
    ...sheet,
    targets: sheet.targets.map((target) => ({ ...target, mode, matchOn })),
  }));
  await engine.get(ImportsService).plan(await company.tenant.ctx(), uploaded.id, { sheets, options: uploaded.options });
  return company.start(uploaded.id);
}

const noted = async (company: Company) =>
  Object.fromEntries(
    (await company.records('台账', { field: 'name', op: 'notEmpty' })).map((row) => [row.label, row.values.note]),
  );

const name = { key: 'name', name: '名称', type: 'text', rules: { required: true } };
const note = { key: 'note', name: '备注', type: 'text' };

describe('a ledger keyed by what is no text', () => {
  it('is updated by phone: any of a record’s numbers finds it, however the file writes them', async () => {
    const company = await ledger(
      [name, { key: 'phone', name: '电话', type: 'phone' }, note],
      '名称,电话,备注\n甲,13800138000、13900139000,旧\n乙,010-62345678,旧\n',
    );
    const done = await again(
      company,
      '名称,电话,备注\n甲,138 0013 8000,第一个号\n甲,13900139000,第二个号\n丙,13700137000,新\n',
      'upsert',
      ['phone'],
    );
    expect(done.results).toMatchObject([{ created: 1, updated: 1, failed: 0 }]);
    expect(await noted(company)).toEqual({ 甲: '第二个号', 乙: '旧', 丙: '新' });
    expect((await company.undo(done.id)).undo).toMatchObject({ reversed: 2, kept: 0, failed: 0 });
    expect(await noted(company)).toEqual({ 甲: '旧', 乙: '旧' });
  });

  it('is updated by credit code from a file without the names', async () => {
    const company = await ledger(
      [name, { key: 'code', name: '统一社会信用代码', type: 'creditCode' }, note],
      '名称,统一社会信用代码,备注\n甲,91350100M000100Y43,旧\n乙,91110000100000000X,旧\n',
    );
    const done = await again(company, '统一社会信用代码,备注\n91350100m000100y43,新\n', 'update', ['code']);
    expect(done.results).toMatchObject([{ created: 0, updated: 1, failed: 0 }]);
    expect(await noted(company)).toEqual({ 甲: '新', 乙: '旧' });
  });

  it('is updated by a date and time, a barcode and a member, compared as the company writes them', async () => {
    const company = await ledger(
      [
        name,
        { key: 'at', name: '到访时间', type: 'datetime' },
        { key: 'bar', name: '条码', type: 'barcode' },
        { key: 'who', name: '接待人', type: 'member' },
        note,
      ],
      '名称,到访时间,条码,接待人,备注\n甲,2026-02-01 09:30,A1,李伟,旧\n乙,2026-02-01 09:30,A2,李伟,旧\n丙,2026-02-01 09:30,A1,王芳,旧\n',
    );
    const done = await again(company, '名称,到访时间,条码,接待人,备注\n丙,2026/2/1 9:30,A1,王芳,新\n', 'update', [
      'who',
      'at',
      'bar',
    ]);
    expect(done.results).toMatchObject([{ created: 0, updated: 1, failed: 0 }]);
    expect(await noted(company)).toEqual({ 甲: '旧', 乙: '旧', 丙: '新' });
  });

  it('is updated by the record it relates to together with its name', async () => {
    const company = await Company.open(engine);
    const { id } = await company.tenant.form({
      appId: company.appId,
      key: 'firm',
      name: '企业',
      fields: [{ key: 'title', name: '企业名称', type: 'text' }],
    });
    await company.tenant.form({
      appId: company.appId,
      key: 'ledger',
      name: '台账',
      fields: [name, { key: 'firm', name: '企业', type: 'relation', config: { formId: id } }, note] as never,
    });
    const firms = await company.upload(Buffer.from('企业名称\n天成\n地久\n'), '企业.csv', { formId: id });
    await company.start(firms.id);
    const first = await company.upload(Buffer.from('名称,企业,备注\n王总,天成,旧\n王总,地久,旧\n'), '台账.csv');
    await company.start(first.id, { options: { ...first.options, duplicates: 'create' } });
    const done = await again(company, '名称,企业,备注\n王总,地 久,新\n李总,天成,新\n', 'upsert', ['firm', 'name']);
    expect(done.results).toMatchObject([{ created: 1, updated: 1, failed: 0 }]);
    const rows = await company.records('台账', { field: 'name', op: 'notEmpty' });
    expect(rows.map(({ values }) => [(values.firm as { label: string }).label, values.note]).sort()).toEqual([
      ['地久', '新'],
      ['天成', '新'],
      ['天成', '旧'],
    ]);
  });

  it('refuses a field that holds several values, and says which to take', async () => {
    const company = await ledger(
      [name, { key: 'tags', name: '标签', type: 'tags' }, note],
      '名称,标签,备注\n甲,a,旧\n',
    );
    await expect(again(company, '名称,标签,备注\n甲,a,新\n', 'upsert', ['tags'])).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining('统一社会信用代码') },
    });
  });
});
