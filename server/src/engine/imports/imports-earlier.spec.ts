import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine } from '../../../test/support/imports.js';
import { ImportsService } from './imports.service.js';

let engine: TestEngine;
let company: Company;
beforeAll(async () => {
  engine = await createImportEngine();
  company = await Company.open(engine);
});
afterAll(() => closeImportEngine(engine));

const file = Buffer.from('客户名称,电话\n甲公司,13800138000\n乙公司,13800138001\n');

it('a file that came in before is known again, whatever its name, until it is undone or the import begins', async () => {
  const first = await company.upload(file, '客户.csv');
  expect(first.earlier).toBeNull();
  const aside = await company.upload(file, '客户 (1).csv');
  expect(aside.earlier).toBeNull();
  const done = await company.start(first.id);
  expect(done).toMatchObject({ state: 'done', earlier: null });

  const told = { id: first.id, at: done.createdAt, by: done.createdBy.label, records: 2 };
  expect((await company.get(aside.id)).earlier).toEqual(told);
  expect((await company.upload(file, '另一个名字.csv')).earlier).toEqual(told);
  expect((await company.upload(Buffer.concat([file, Buffer.from('丙公司,\n')]), '客户.csv')).earlier).toBeNull();

  await company.undo(first.id);
  expect((await company.get(aside.id)).earlier).toBeNull();
});

it('whoever may not open the earlier import still learns that it was', async () => {
  const own = await Company.open(engine);
  const first = await own.upload(file, '客户.csv');
  await own.start(first.id);
  const importer = await own.tenant.memberWith('录入', {
    [(await own.form('客户')).id]: { actions: ['view', 'create', 'import'], scope: 'all' },
  });
  const upload = { name: '客户.csv', content: Readable.from([file]) };
  const view = await engine.get(ImportsService).create(await own.tenant.ctx(importer), { appId: own.appId }, upload);
  expect(view.earlier).toMatchObject({ id: null, records: 2 });
});
