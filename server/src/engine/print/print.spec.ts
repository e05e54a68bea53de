import { Readable } from 'node:stream';
import { subformConfig } from '@lianke/shared/fields/subform/schema';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FileId, MemberId, RecordId } from '@lianke/shared/ids';
import { printBody } from '@lianke/shared/print/api';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import QRCode from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { pdfPages, pdfText } from '../../../test/support/pdf-text.js';
import { FilesService } from '../files/files.service.js';
import { FlowsModule } from '../flows/flows.module.js';
import { FieldUses } from '../forms/uses/field-uses.service.js';
import { Notifier } from '../ports.js';
import { RecordWriter } from '../records/record-writer.js';
import { a4, type PrintDocument, paragraph } from './blocks.js';
import { DocxPackage } from './docx/package.js';
import { readDocx } from './docx/read.js';
import { writeDocx } from './docx/write.js';
import { printImage } from './images.js';
import { renderPdf } from './pdf/render-pdf.js';
import { PrintModule } from './print.module.js';
import { PrintTemplatesService } from './print-templates.service.js';
import { PrintsService } from './prints.service.js';

const printedAt = new Date('2026-03-04T02:00:00Z');

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let contracts: FormView;
let rep: MemberId;
let contract: RecordId;
let customer: RecordId;
const silent = { enqueue: async () => undefined, update: async () => undefined };

beforeAll(async () => {
  engine = await createTestEngine(undefined, [FlowsModule, PrintModule], [{ provide: Notifier, useValue: silent }]);
  tenant = await engine.tenant('prints');
  appId = await tenant.app();
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [
      { key: 'name', name: '客户名称', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
    ],
  });
  contracts = await tenant.form({
    appId,
    key: 'contract',
    name: '合同',
    fields: [
      { key: 'title', name: '合同名称', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
      { key: 'amount', name: '合同金额', type: 'money' },
      { key: 'signed', name: '签订日期', type: 'date' },
      { key: 'floor', name: '底价', type: 'money' },
      { key: 'photo', name: '照片', type: 'image' },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'product', name: '产品', type: 'text', config: {}, rules: {} },
            { key: 'price', name: '单价', type: 'money', config: {}, rules: {} },
          ],
        } as never,
      },
    ],
  });
  rep = await tenant.memberWith('王芳', {
    [customers.id]: { actions: ['view'], scope: 'all' },
    [contracts.id]: { actions: ['view', 'create', 'edit', 'print'], scope: 'own', fields: { floor: 'hidden' } },
  });
  customer = await make(customers.id, { name: '上海巴比食品有限公司', phone: '13800001111' });
  const picture = await engine
    .get(FilesService)
    .upload(await tenant.ctx(), '照片.png', Readable.from([await QRCode.toBuffer('照片')]));
  contract = await make(contracts.id, {
    title: '年度供货合同',
    customer,
    amount: '128000.50',
    signed: '2025-03-07',
    floor: '99999',
    photo: [picture.id as FileId],
    items: [
      { values: { product: '包子机', price: '100000' } },
      { values: { product: '蒸箱 & 托盘 <大>', price: '28000.5' } },
    ],
    owner: rep,
  });
});
afterAll(() => engine.close());

const prints = () => engine.get(PrintsService);
const templates = () => engine.get(PrintTemplatesService);
const asked = (ids: RecordId[], more: object = {}) => printBody.parse({ ids, ...more });

async function make(formId: FormView['id'], values: Record<string, unknown>, by?: MemberId): Promise<RecordId> {
  const row = { values: values as never };
  return (await engine.get(RecordWriter).writeOne(await tenant.ctx(by), { formId, op: 'create', row })).id;
}

/** A Word file with these paragraphs and tables; placeholders cut into runs where `¦` stands, as Word does. */
function word(body: string): Buffer {
  const text = (content: string) =>
    content
      .split('¦')
      .map((part) => `<w:r><w:t xml:space="preserve">${part}</w:t></w:r>`)
      .join('');
  const xml = body.replace(/\[\[([\s\S]*?)\]\]/g, (_, content: string) => `<w:p>${text(content)}</w:p>`);
  const base = unzipSync(writeDocx({ title: '', page: a4, header: [], footer: [], blocks: [] }));
  base['word/document.xml'] = strToU8(
    `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${xml}</w:body></w:document>`,
  );
  return Buffer.from(zipSync(base));
}
const upload = async (bytes: Buffer, name = '模板.docx') =>
  templates().upload(await tenant.ctx(), contracts.id, name, Readable.from([bytes]));
const documentOf = (docx: Buffer) => strFromU8(unzipSync(docx)['word/document.xml'] ?? new Uint8Array());

describe('a record without a template', () => {
  it('is a PDF with its fields, rows, totals and QR code, and never a hidden field', async () => {
    const file = await prints().one(await tenant.ctx(rep), contracts.id, contract, { format: 'pdf' });
    expect(file.name).toBe('合同 年度供货合同.pdf');
    expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const [page] = pdfPages(file.bytes);
    const text = page?.texts.map((item) => item.text).join('\n') ?? '';
    for (const shown of [
      '年度供货合同',
      '上海巴比食品有限公司',
      '128,000.50',
      '2025-03-07',
      '包子机',
      '合计',
      '王芳 打印于',
    ])
      expect(text).toContain(shown);
    expect(text).toContain('蒸箱');
    expect(text).not.toContain('底价');
    expect(text).not.toContain('99,999');
    // The QR code and the photo.
    expect(page?.images).toBe(2);
    const admin = await prints().one(await tenant.ctx(), contracts.id, contract, { format: 'pdf' });
    expect(pdfText(admin.bytes).join()).toContain('99,999');
  });

  it('keeps every text inside the page', async () => {
    const long = await make(
      contracts.id,
      { title: '很长的名称'.repeat(20), items: [{ values: { product: 'x'.repeat(150) } }] },
      rep,
    );
    const file = await prints().one(await tenant.ctx(rep), contracts.id, long, { format: 'pdf' });
    for (const page of pdfPages(file.bytes))
      for (const { x, y } of page.texts) {
        expect(x).toBeGreaterThan(20);
        expect(x).toBeLessThan(page.width - 40);
        expect(y).toBeLessThan(page.height - 10);
      }
  });

  it('is also a Word file that our own reader reads back', async () => {
    const file = await prints().one(await tenant.ctx(rep), contracts.id, contract, { format: 'docx' });
    expect(documentOf(file.bytes)).toContain('年度供货合同');
    expect(documentOf(file.bytes)).toContain('蒸箱 &amp; 托盘 &lt;大&gt;');
    const text = pdfText(await renderPdf([readDocx(DocxPackage.open(file.bytes), '')], '', printedAt)).join();
    expect(text).toContain('上海巴比食品有限公司');
  });

  it('is audited', async () => {
    await prints().one(await tenant.ctx(rep), contracts.id, contract, { format: 'pdf' });
    const rows = await engine.kernel.database.withTenant(await tenant.ctx(), (tx) =>
      tx.sql<{ actor_id: string; detail: { records: string[] } }>(
        "SELECT actor_id, detail FROM lianke.audit WHERE action = 'print' ORDER BY id DESC LIMIT 1",
      ),
    );
    expect(rows[0]).toMatchObject({ actor_id: rep, detail: { records: [contract], format: 'pdf' } });
  });
});

describe('the right to print', () => {
  it('refuses whoever may see but not print, and says nothing of what he may not see', async () => {
    const other = await tenant.memberWith('李雷', { [contracts.id]: { actions: ['view'], scope: 'all' } });
    const blind = await tenant.memberWith('外人', { [contracts.id]: { actions: ['view', 'print'], scope: 'own' } });
    const print = async (who: MemberId) =>
      prints().one(await tenant.ctx(who), contracts.id, contract, { format: 'pdf' });
    await expect(print(other)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(print(blind)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a batch of which one record is not his', async () => {
    const foreign = await make(contracts.id, { title: '别人的合同' });
    const batch = prints().batch(await tenant.ctx(rep), contracts.id, asked([contract, foreign]));
    await expect(batch).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('templates', () => {
  it('fills in fields, related fields and amounts in words, wherever Word cut the placeholder', async () => {
    const template = await upload(
      word(
        '[[甲方：{{客¦户.客户¦名称}}，电话 {{客户.电话}}]][[金额 {{合同金额}} 元，大写 ｛｛合同金额｜大写｝｝，于 {{签订日期|yyyy年M月d日}}]][[{{打印人}}]]',
      ),
    );
    expect(template).toMatchObject({ name: '模板', unknown: [] });
    const query = { templateId: template.id, format: 'docx' } as const;
    const xml = documentOf((await prints().one(await tenant.ctx(rep), contracts.id, contract, query)).bytes);
    const text = xml.replace(/<[^>]+>/g, '');
    expect(text).toContain('甲方：上海巴比食品有限公司，电话 13800001111');
    expect(text).toContain('金额 128,000.50 元，大写 壹拾贰万捌仟元伍角整，于 2025年3月7日');
    expect(text).toContain('王芳');
    expect(text).not.toContain('{{');
  });

  it('repeats a table row for each row of the subform, and once, empty, when there is none', async () => {
    const row = (cells: string[]) => `<w:tr>${cells.map((cell) => `<w:tc>[[${cell}]]</w:tc>`).join('')}</w:tr>`;
    const template = await upload(
      word(`<w:tbl>${row(['序号', '产品', '单价'])}${row(['{{序号}}', '{{明细.产品}}', '{{明细.单价}}'])}</w:tbl>`),
    );
    const query = { templateId: template.id, format: 'docx' } as const;
    const print = async (id: RecordId) =>
      documentOf((await prints().one(await tenant.ctx(rep), contracts.id, id, query)).bytes);
    const xml = await print(contract);
    expect(xml.match(/<w:tr>/g)).toHaveLength(3);
    expect(xml.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(
      '1 包子机 100,000.00 2 蒸箱 &amp; 托盘 &lt;大&gt; 28,000.50',
    );
    const bare = await print(await make(contracts.id, { title: '空' }, rep));
    expect(bare.match(/<w:tr>/g)).toHaveLength(2);
    expect(bare).not.toContain('{{');
  });

  it('names rows of forms that refer to the record', async () => {
    const template = await templates().upload(
      await tenant.ctx(),
      customers.id,
      '客户.docx',
      Readable.from([word('<w:tbl><w:tr><w:tc>[[{{合同.合同名称}}]]</w:tc></w:tr></w:tbl>')]),
    );
    const query = { templateId: template.id, format: 'docx' } as const;
    const xml = documentOf((await prints().one(await tenant.ctx(), customers.id, customer, query)).bytes);
    expect(xml).toContain('年度供货合同');
  });

  it('leaves out what the reader does not see, also when the template asks for it', async () => {
    const template = await upload(word('[[底价 {{底价}} 完]]'));
    const query = { templateId: template.id, format: 'docx' } as const;
    const text = async (who?: MemberId) =>
      documentOf((await prints().one(await tenant.ctx(who), contracts.id, contract, query)).bytes).replace(
        /<[^>]+>/g,
        '',
      );
    expect(await text()).toContain('底价 99,999.00 完');
    expect(await text(rep)).toContain('底价  完');
  });

  it('puts pictures and the QR code into the file', async () => {
    const template = await upload(word('[[{{照片|30mm}}]][[{{二维码}}]]'));
    const query = { templateId: template.id } as const;
    const docx = await prints().one(await tenant.ctx(rep), contracts.id, contract, { ...query, format: 'docx' });
    expect(Object.keys(unzipSync(docx.bytes)).filter((name) => name.startsWith('word/media/'))).toHaveLength(2);
    const pdf = await prints().one(await tenant.ctx(rep), contracts.id, contract, { ...query, format: 'pdf' });
    expect(pdfPages(pdf.bytes)[0]?.images).toBe(2);
  });

  it('tells which placeholders the form does not have', async () => {
    const template = await upload(word('[[{{没有的字段}} {{合同金额|金币}} {{合同名称}}]]'));
    expect(template.unknown).toEqual(['没有的字段', '合同金额|金币']);
  });

  it.each([
    ['a text', Buffer.from('不是文档'), '这不是 docx 文件'],
    ['an old doc', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '旧的 doc 格式或有密码'],
    ['no placeholder', word('[[没有占位符]]'), '模板里没有占位符'],
    [
      'a macro',
      Buffer.from(zipSync({ 'word/document.xml': strToU8('<a/>'), 'word/vbaProject.bin': strToU8('x') })),
      '宏',
    ],
    ['broken XML', Buffer.from(zipSync({ 'word/document.xml': strToU8('<!DOCTYPE a><a/>') })), '文档内容读不出来'],
    ['a bomb', Buffer.from(zipSync({ 'word/document.xml': new Uint8Array(70 * 1024 * 1024) })), '解开后太大'],
  ])('refuses %s and says how to mend it', async (_, bytes, detail) => {
    await expect(upload(bytes)).rejects.toMatchObject({
      code: 'invalid_file',
      params: { detail: expect.stringContaining(detail) },
    });
  });

  it('are their designers’ to change, and nobody prints another form by one', async () => {
    const template = await upload(word('[[{{合同名称}}]]'));
    await expect(templates().update(await tenant.ctx(rep), template.id, { name: '我的' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const foreign = prints().one(await tenant.ctx(), customers.id, customer, {
      templateId: template.id,
      format: 'pdf',
    });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
    await templates().update(await tenant.ctx(), template.id, { isDefault: true });
    const list = await templates().list(await tenant.ctx(rep), contracts.id);
    expect(list.filter(({ isDefault }) => isDefault).map(({ id }) => id)).toEqual([template.id]);
    await templates().remove(await tenant.ctx(), template.id);
    expect((await templates().list(await tenant.ctx(), contracts.id)).some(({ id }) => id === template.id)).toBe(false);
  });

  it('begin with a sample that has every field and no unknown placeholder', async () => {
    const sample = await templates().sample(await tenant.ctx(), contracts.id);
    const template = await upload(sample.bytes, sample.name);
    expect(template.unknown).toEqual([]);
    expect(template.placeholders).toEqual(
      expect.arrayContaining(['合同名称', '明细.产品', '审批.意见', '合同金额|大写']),
    );
    const query = { templateId: template.id, format: 'pdf' } as const;
    const text = pdfText((await prints().one(await tenant.ctx(rep), contracts.id, contract, query)).bytes).join();
    expect(text).toContain('壹拾贰万捌仟元伍角整');
    expect(text).toContain('蒸箱');
  });
});

describe('batches', () => {
  it('are one PDF in which each record begins a page, or a zip with a file each', async () => {
    const ids = [contract];
    for (const title of ['一号', '二号', '二号']) ids.push(await make(contracts.id, { title }, rep));
    const one = await prints().batch(await tenant.ctx(rep), contracts.id, asked(ids));
    expect(pdfText(one.bytes).map((text) => ['年度', '一号', '二号'].find((word) => text.includes(word)))).toEqual([
      '年度',
      '一号',
      '二号',
      '二号',
    ]);
    const zip = await prints().batch(await tenant.ctx(rep), contracts.id, asked(ids, { bundle: 'zip' }));
    expect(Object.keys(unzipSync(zip.bytes)).sort()).toEqual([
      '合同 一号.pdf',
      '合同 二号 (2).pdf',
      '合同 二号.pdf',
      '合同 年度供货合同.pdf',
    ]);
  });
});

describe('QR labels', () => {
  it('are sheets to cut out, each label with its record’s name, and nothing else of it', async () => {
    const ctx = await tenant.ctx();
    const made = await Promise.all(
      Array.from({ length: 25 }, (_, n) =>
        engine
          .get(RecordWriter)
          .writeOne(ctx, { formId: customers.id, op: 'create', row: { values: { name: `标签客户 ${n}` } } }),
      ),
    );
    const ids = made.map((item) => item.id);
    const file = await engine.get(PrintsService).batch(ctx, customers.id, printBody.parse({ ids, layout: 'labels' }));
    expect(file.type).toBe('application/pdf');
    expect(pdfPages(file.bytes)).toHaveLength(2);
    const text = pdfText(file.bytes).join('\n');
    for (let n = 0; n < 25; n++) expect(text).toContain(`标签客户 ${n}`);
    expect(text).not.toContain('管理员');
  });

  it('are refused without the right to print', async () => {
    const asked = printBody.parse({ ids: [customer], layout: 'labels' });
    await expect(engine.get(PrintsService).batch(await tenant.ctx(rep), customers.id, asked)).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not_found/),
    });
  });
});

describe('the PDF', () => {
  const page: PrintDocument = { title: '表', page: a4, header: [], footer: [], blocks: [] };
  const cells = (...texts: string[]) => texts.map((text) => ({ span: 1, blocks: [paragraph(text)] }));

  it('repeats a table’s head on each page and loses no row', async () => {
    const head = { header: true, minHeight: 0, cells: cells('名称', '数量') };
    const rows = Array.from({ length: 120 }, (_, n) => ({
      header: false,
      minHeight: 20,
      cells: cells(`第${n}行`, '1'),
    }));
    const pdf = await renderPdf(
      [{ ...page, blocks: [{ kind: 'table', widths: [1, 1], borders: true, rows: [head, ...rows] }] }],
      '表',
      printedAt,
    );
    const pages = pdfText(pdf);
    expect(pages.length).toBeGreaterThan(3);
    for (const text of pages) expect(text.startsWith('名称\n数量')).toBe(true);
    const seen = pages.join('\n').match(/第\d+行/g);
    expect(seen).toEqual(rows.map((_, n) => `第${n}行`));
  });

  it('cuts a row that is taller than a page', async () => {
    const tall = Array.from({ length: 100 }, (_, n) => `句${n}。`).join('\n');
    const blocks = [
      {
        kind: 'table' as const,
        widths: [1],
        borders: true,
        rows: [{ header: false, minHeight: 0, cells: cells(tall) }],
      },
    ];
    const pages = pdfText(await renderPdf([{ ...page, blocks }], '', printedAt));
    expect(pages).toHaveLength(3);
    expect(pages.join('\n').match(/句\d+。/g)).toHaveLength(100);
  });

  it('has the rare characters of names, and a box for what no font has', async () => {
    const [text] = pdfText(await renderPdf([{ ...page, blocks: [paragraph('喆堃✓ 张三😀')] }], '', printedAt));
    expect(text?.replaceAll('\n', '')).toBe('喆堃✓ 张三□');
  });

  it('begins no line with a closing mark', async () => {
    const blocks = [paragraph('这是一句话，里面有逗号。'.repeat(40))];
    const [found] = pdfPages(await renderPdf([{ ...page, blocks }], '', printedAt));
    for (const { text } of found?.texts ?? []) expect(text).not.toMatch(/^[，。]/);
  });

  it('leaves out a broken picture instead of failing', () => {
    const png = Buffer.from(
      '89504e470d0a1a0a0000000d4948445200000010000000100806000000000000000000000049444154',
      'hex',
    );
    expect(printImage(png, 10, 10)).toBeUndefined();
    expect(printImage(Buffer.from('gif'), 10, 10)).toBeUndefined();
  });
});

it('a field that a print template shows is told so before it is changed, one of its rows and of another form too', async () => {
  const { id } = await upload(
    word('[[{{合同名称}} {{合同金额|大写}} {{客户.电话}}]][[{{明细.产品}}]]'),
    '供货合同.docx',
  );
  const idOf = (form: FormView, key: string) => form.fields.find((field) => field.key === key)?.id as string;
  const items = subformConfig.parse(contracts.fields.find((field) => field.key === 'items')?.config);
  const product = items.fields.find((field) => field.key === 'product')?.id as string;
  const used = async (form: FormView, refs: string[]) =>
    (await engine.get(FieldUses).of(await tenant.ctx(), form.id, refs))
      .filter((use) => use.kind === 'print' && use.id === id)
      .map(({ name, formId, fields }) => ({ name, formId, fields }));
  const told = (fields: string[]) => [{ name: '供货合同', formId: contracts.id, fields }];
  expect(await used(contracts, ['amount', 'signed'])).toEqual(told([idOf(contracts, 'amount')]));
  expect(await used(contracts, [product])).toEqual(told([product]));
  expect(await used(customers, ['phone', 'name'])).toEqual(told([idOf(customers, 'phone')]));
  expect(await used(contracts, ['signed'])).toEqual([]);
});
