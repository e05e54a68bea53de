import { Readable } from 'node:stream';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { type PublicFormView, publicFormSettings } from '@lianke/shared/public-forms/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { DuplicateRulesService } from '../duplicates/duplicate-rules.service.js';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { FieldUses } from '../forms/uses/field-uses.service.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { InvitesService } from './invites.service.js';
import { PublicFormsModule } from './public-forms.module.js';
import { PublicFormsService } from './public-forms.service.js';
import { PublicSeal } from './seal.js';
import type { Visitor } from './visit-door.js';
import { VisitorFiles } from './visitor-files.js';
import { VisitsService } from './visits.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let companies: FormView;
let form: FormView;
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

beforeAll(async () => {
  engine = await createTestEngine('2026-03-04T02:00:00Z', [PublicFormsModule, DuplicatesModule]);
  tenant = await engine.tenant('public');
  const appId = await tenant.app();
  companies = await tenant.form({
    appId,
    name: '公司',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'secret', name: '机密', type: 'text' },
    ],
  });
  form = await tenant.form({
    appId,
    name: '登记',
    fields: [
      { key: 'name', name: '姓名', type: 'text', rules: { required: true } },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'note', name: '内部备注', type: 'text' },
      { key: 'company', name: '公司', type: 'relation', config: { formId: companies.id } },
      { key: 'photo', name: '照片', type: 'image' },
    ],
  });
}, 60_000);
afterAll(() => engine.close());

const links = () => engine.get(PublicFormsService);
const visits = () => engine.get(VisitsService);
const idOf = (key: string) => form.fields.find((field) => field.key === key)?.id as string;
let visitor: Visitor;
let round = 0;
beforeEach(() => {
  visitor = { mark: `visitor-number-${round++}-of-tests`, address: `10.0.0.${round}`, language: 'zh' };
});

interface Wish extends Partial<Parameters<typeof publicFormSettings.parse>[0] & object> {
  password?: string;
}

async function link(wish: Wish & Record<string, unknown> = {}): Promise<PublicFormView & { token: string }> {
  const { password, ...rest } = wish;
  const settings = publicFormSettings.parse({
    name: '外链',
    fields: ['name', 'phone', 'photo'].map(idOf),
    captcha: false,
    ...rest,
  });
  const made = await links().create(await tenant.ctx(), form.id, { settings, ...(password ? { password } : {}) });
  return { ...made, token: made.url.split('/').at(-1) ?? '' };
}

const submit = (token: string, values: Record<string, Json>, more = {}) =>
  visits().submit(token, visitor, { values, ...more });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return error.more.fields ? error.more.fields.map((item) => `${item.field}: ${item.code}`).join() : error.code;
    },
  );
const records = async () =>
  (await engine.get(RecordReader).query(await tenant.ctx(), form.id, { limit: 200, total: true })).items;

describe('a public form', () => {
  it('shows the fields it names and nothing else, and makes a record that tells where it came from', async () => {
    const { token, id } = await link({ ownerId: tenant.admin, success: { title: '谢谢', text: '我们会联系你' } });
    const page = await visits().open(token, visitor, {});
    expect(page).toMatchObject({ state: 'open', title: '登记', timeZone: 'Asia/Shanghai', captcha: null });
    expect(page.form?.fields.map((field) => field.key)).toEqual(['name', 'phone', 'photo']);
    expect(JSON.stringify(page)).not.toMatch(/内部备注|机密|管理员/);
    expect(await submit(token, { name: '张三', phone: '13800138000' })).toEqual({
      title: '谢谢',
      text: '我们会联系你',
      again: true,
    });
    const [made] = await records();
    expect(made?.values).toMatchObject({ name: '张三', owner: { label: '管理员' }, createdBy: null });
    const history = await engine.get(RecordReader).history(await tenant.ctx(), form.id, made?.id as RecordId);
    expect(history.items[0]).toMatchObject({ kind: 'create', door: 'public', actor: { id: null } });
    const [shown] = await links().list(await tenant.ctx(), form.id);
    expect(shown).toMatchObject({ id, submissions: 1 });
  });

  it('refuses with the codes of every other door, and takes what is sent twice once', async () => {
    const { token } = await link();
    expect(await codeOf(submit(token, {}))).toBe('name: required');
    expect(await codeOf(submit(token, { name: '李四', phone: 'x' }))).toBe('phone: bad_phone');
    for (const key of ['note', 'company', 'owner', 'nothing'])
      expect(await codeOf(submit(token, { name: '李四', [key]: '1' }))).toBe(`${key}: unknown_field`);
    const id = uuid7() as RecordId;
    const before = (await records()).length;
    expect(await codeOf(submit(token, { name: '李四' }, { id }))).toBe('done');
    expect(await codeOf(submit(token, { name: '李四' }, { id }))).toBe('done');
    expect(await records()).toHaveLength(before + 1);
    const without = await link({ fields: [idOf('phone')] });
    expect(await codeOf(submit(without.token, { phone: '13900139000' }))).toBe('public_form_closed');
  });

  it('opens and closes by switch, time and quota, in all and for each visitor', async () => {
    const timed = await link({ opensAt: '2026-03-05T00:00:00Z', closesAt: '2026-03-06T00:00:00Z' });
    expect(timed.state).toBe('early');
    await expect(visits().open(timed.token, visitor, {})).rejects.toMatchObject({
      code: 'public_form_closed',
      more: {
        words: {
          zh: '还没有开始，2026-03-05 08:00 起可以填写',
          en: 'it can be filled in from 2026-03-05 08:00',
        },
      },
    });
    const limited = await link({ maxTotal: 2, maxPerVisitor: 1 });
    expect((await submit(limited.token, { name: '一' })).again).toBe(false);
    expect(await codeOf(submit(limited.token, { name: '二' }))).toBe('public_form_closed');
    const others = Array.from({ length: 4 }, (_, index) =>
      codeOf(
        visits().submit(
          limited.token,
          { ...visitor, mark: `another-visitor-number-${index}`, address: '10.1.1.1' },
          { values: { name: `客 ${index}` } },
        ),
      ),
    );
    expect((await Promise.all(others)).filter((code) => code === 'done')).toHaveLength(1);
    await links().update(await tenant.ctx(), timed.id as never, { enabled: false });
    expect(await codeOf(submit(timed.token, { name: '三' }))).toBe('public_form_closed');
    expect(await codeOf(submit('no-such-token-here', { name: '三' }))).toBe('not_found');
  });

  it('keeps its password and captcha', async () => {
    const { token, id } = await link({ password: '开门2026', captcha: true });
    const locked = await visits().open(token, visitor, {});
    expect(locked).toMatchObject({ state: 'password', form: null, captcha: null });
    expect(await codeOf(visits().open(token, visitor, { password: '猜' }))).toBe('wrong_link_password');
    expect(await codeOf(submit(token, { name: '甲' }))).toBe('wrong_link_password');
    const { pass, captcha } = await visits().open(token, visitor, { password: '开门2026' });
    expect(await codeOf(submit(token, { name: '甲' }, { pass }))).toBe('wrong_captcha');
    const wrong = { key: captcha?.key ?? '', answer: '999' };
    expect(await codeOf(submit(token, { name: '甲' }, { pass, captcha: wrong }))).toBe('wrong_captcha');
    const seal = engine.get(PublicSeal) as unknown as {
      open(sealed: string, context: string, shape: { parse(value: unknown): unknown }): { answer: string };
    };
    const fresh = await visits().captcha(token, visitor);
    const { answer } = seal.open(fresh.key, `captcha:${id}`, { parse: (value) => value });
    const right = { key: fresh.key, answer };
    expect(await codeOf(submit(token, { name: '甲' }, { pass, captcha: right }))).toBe('done');
    expect(await codeOf(submit(token, { name: '乙' }, { pass, captcha: right }))).toBe('wrong_captcha');
    await links().update(await tenant.ctx(), id as never, { password: '换了' + '2026' });
    expect(await codeOf(visits().pick(token, visitor, { pass: pass ?? undefined, field: 'name', search: '' }))).toBe(
      'wrong_link_password',
    );
    const guesses = await Promise.all(
      Array.from({ length: 14 }, () => codeOf(visits().open(token, visitor, { password: '猜' }))),
    );
    expect(guesses).toContain('too_many_requests');
  });

  it('takes files of this visitor only, of the kinds and number it allows', async () => {
    const { token } = await link({ uploads: { kinds: ['image'], maxMb: 1, maxFiles: 1 } });
    const send = (bytes: Buffer, by = visitor) =>
      engine.get(VisitorFiles).upload(token, by, undefined, '图.png', Readable.from([bytes]));
    expect(await codeOf(send(Buffer.from('MZ not a picture')))).toBe('invalid_file');
    expect(await codeOf(send(Buffer.alloc(1024 * 1024 + 1, 1)))).toBe('too_large');
    const file = await send(png);
    const foreign = await send(png, { ...visitor, mark: 'somebody-else-entirely', address: '10.9.9.9' });
    expect(await codeOf(submit(token, { name: '丙', photo: [foreign.id] }))).toBe('photo: no_such_file');
    expect(await codeOf(submit(token, { name: '丙', photo: [file.id, foreign.id] }))).toBe('invalid_request');
    expect(await codeOf(submit(token, { name: '丙', photo: [file.id] }))).toBe('done');
  });

  it('lets relations be chosen by title where that was made public, and tells no owner of a repeated record', async () => {
    const writer = engine.get(RecordWriter);
    const company = await writer.writeOne(await tenant.ctx(), {
      formId: companies.id,
      op: 'create',
      row: { values: { name: '华兴', secret: '底价' } },
    });
    const fields = ['name', 'phone', 'company'].map(idOf);
    const shut = await link({ fields });
    expect(await codeOf(submit(shut.token, { name: '丁', company: company.id }))).toBe('company: unknown_field');
    const { token } = await link({ fields, pickers: [idOf('company')] });
    expect(await visits().pick(token, visitor, { field: 'company', search: '' })).toEqual([
      { id: company.id, label: '华兴' },
    ]);
    expect(await codeOf(visits().pick(token, visitor, { field: 'phone', search: '' }))).toBe('not_found');
    expect(await codeOf(submit(token, { name: '丁', company: uuid7() }))).toBe('company: no_such_record');
    expect(await codeOf(submit(token, { name: '丁', company: company.id, phone: '13700137000' }))).toBe('done');
    await engine
      .get(DuplicateRulesService)
      .save(await tenant.ctx(), form.id, [
        { id: 'phone', fields: [{ field: 'phone', as: 'phone' }], action: 'refuse' },
      ]);
    expect(await codeOf(submit(token, { name: '戊', phone: '15500001111' }))).toBe('done');
    expect(await codeOf(submit(token, { name: '己', phone: '15500001111' }))).toBe('phone: duplicate');
  });

  it('is set up by designers only, with fields that outsiders can fill in', async () => {
    const settings = publicFormSettings.parse({ name: '外链', fields: ['owner'] });
    await expect(links().create(await tenant.ctx(), form.id, { settings })).rejects.toMatchObject({
      code: 'invalid_definition',
    });
    const someone = await tenant.memberWith('王芳', { [form.id]: { actions: ['view', 'create'], scope: 'all' } });
    await expect(links().list(await tenant.ctx(someone), form.id)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

it('a field that stands on a link or in a rule about repeated records is told so before it is changed', async () => {
  await link({ name: '展会登记' });
  await engine
    .get(DuplicateRulesService)
    .save(await tenant.ctx(), form.id, [
      { id: 'same', fields: [{ field: idOf('phone'), as: 'phone' }], action: 'warn' },
    ]);
  const uses = await engine.get(FieldUses).of(await tenant.ctx(), form.id, ['phone', 'note']);
  for (const use of [
    { kind: 'duplicateRule', name: '电话', fields: [idOf('phone')] },
    { kind: 'publicForm', name: '展会登记', fields: [idOf('phone')] },
  ])
    expect(uses).toContainEqual(expect.objectContaining(use));
  await engine.get(DuplicateRulesService).save(await tenant.ctx(), form.id, []);
});

describe('one-time links', () => {
  const invites = () => engine.get(InvitesService);
  const make = async (id: PublicFormView['id'], ...labels: string[]) =>
    (await invites().create(await tenant.ctx(), id as never, labels)).map((invite) => ({
      ...invite,
      token: invite.url.split('/').at(-1) ?? '',
    }));
  const shown = async (id: PublicFormView['id']) =>
    (await invites().list(await tenant.ctx(), id as never, {})).items.map(({ label, state }) => `${label} ${state}`);

  it('take one submission each, sent twice once, and tell by whom', async () => {
    const { id } = await link();
    const [wang, li] = await make(id, '王总', '李总');
    if (!wang || !li) throw new Error('no links');
    expect((await visits().open(wang.token, visitor, {})).state).toBe('open');
    const record = uuid7() as RecordId;
    expect(await submit(wang.token, { name: '王五' }, { id: record })).toMatchObject({ again: false });
    expect(await codeOf(submit(wang.token, { name: '王五' }, { id: record }))).toBe('done');
    expect(await codeOf(submit(wang.token, { name: '又一次' }))).toBe('public_form_closed');
    expect(await codeOf(visits().open(wang.token, visitor, {}))).toBe('public_form_closed');
    expect(await codeOf(submit(li.token, {}))).toBe('name: required');
    expect(await codeOf(submit(li.token, { name: '李六' }))).toBe('done');
    const { items } = await invites().list(await tenant.ctx(), id as never, {});
    expect(items.find(({ label }) => label === '王总')).toMatchObject({ state: 'used', recordId: record });
    expect((await links().list(await tenant.ctx(), form.id)).find((item) => item.id === id)?.submissions).toBe(2);
  });

  it('one of many submitting at once wins', async () => {
    const { id } = await link();
    const [only] = await make(id, '抢');
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, at) => codeOf(submit(only?.token ?? '', { name: `第 ${at}` }))),
    );
    expect(all.filter((code) => code === 'done')).toHaveLength(1);
    expect(all.filter((code) => code === 'public_form_closed')).toHaveLength(7);
  });

  it('are dead once taken back, and only until they were used', async () => {
    const { id } = await link();
    const [back, used] = await make(id, '收回', '已用');
    if (!back || !used) throw new Error('no links');
    await submit(used.token, { name: '用' });
    await invites().revoke(await tenant.ctx(), id as never, back.id);
    expect(await codeOf(submit(back.token, { name: '迟' }))).toBe('public_form_closed');
    expect(
      await codeOf(
        invites()
          .revoke(await tenant.ctx(), id as never, used.id)
          .then(() => null),
      ),
    ).toBe('wrong_state');
    expect(await shown(id)).toEqual(['已用 used', '收回 revoked']);
    const someone = await tenant.memberWith('不设计', { [form.id]: { actions: ['view', 'create'], scope: 'all' } });
    await expect(invites().list(await tenant.ctx(someone), id as never, {})).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('keep the limits, password and captcha of their public form, whose own address may be closed for others', async () => {
    const { id, token } = await link({ invitedOnly: true, captcha: true, password: 'open sesame' });
    const [invite] = await make(id, '专属');
    expect(await codeOf(visits().open(token, visitor, {}))).toBe('public_form_closed');
    expect(await codeOf(submit(token, { name: '外人' }))).toBe('public_form_closed');
    expect((await visits().open(invite?.token ?? '', visitor, {})).state).toBe('password');
    const { pass } = await visits().open(invite?.token ?? '', visitor, { password: 'open sesame' });
    expect(await codeOf(submit(invite?.token ?? '', { name: '专' }))).toBe('wrong_link_password');
    expect(await codeOf(submit(invite?.token ?? '', { name: '专' }, { pass }))).toBe('wrong_captcha');
    await links().update(await tenant.ctx(), id as never, { enabled: false });
    expect(await codeOf(submit(invite?.token ?? '', { name: '专' }, { pass }))).toBe('public_form_closed');
  });
});

it('visitors fill in the rows of a subform, but for what only people inside may choose', async () => {
  const orders = await tenant.form({
    appId: form.appId,
    name: '订货',
    fields: [
      { key: 'who', name: '谁', type: 'text' },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'good', name: '品名', type: 'text', rules: { required: true } },
            { key: 'count', name: '数量', type: 'number' },
            { key: 'seller', name: '经手人', type: 'member' },
            { key: 'total', name: '合计', type: 'formula', config: { expression: '{数量}*2' } },
          ],
        },
      },
    ] as never,
  });
  const ids = orders.fields.filter((field) => !field.system).map((field) => field.id as string);
  const settings = publicFormSettings.parse({ name: '订货', fields: ids, captcha: false });
  const { url } = await links().create(await tenant.ctx(), orders.id, { settings });
  const token = url.split('/').at(-1) ?? '';
  const page = await visits().open(token, visitor, {});
  const items = page.form?.fields.find((field) => field.key === 'items')?.config as { fields: { key: string }[] };
  expect(items.fields.map(({ key }) => key)).toEqual(['good', 'count']);
  expect(await codeOf(submit(token, { items: [{ values: { count: '1' } }] }))).toBe('items[0].good: required');
  expect(await codeOf(submit(token, { items: [{ values: { good: '甲', seller: tenant.admin } }] }))).toBe(
    'items[0].seller: unknown_field',
  );
  expect(await codeOf(submit(token, { who: '张', items: [{ values: { good: '甲', count: '2' } }] }))).toBe('done');
  const [made] = (await engine.get(RecordReader).query(await tenant.ctx(), orders.id, { limit: 1, total: false }))
    .items;
  const record = await engine.get(RecordReader).get(await tenant.ctx(), orders.id, made?.id as RecordId);
  expect(record.values.items).toMatchObject([{ values: { good: '甲', count: '2', total: '4' } }]);
});

it('offers visitors only the related records that the rule of the field then takes', async () => {
  const { appId } = form;
  const people = await tenant.form({
    appId,
    name: '联系人',
    fields: [
      { key: 'name', name: '姓名', type: 'text' },
      { key: 'city', name: '城市', type: 'text' },
    ],
  });
  const bookings = await tenant.form({
    appId,
    name: '预约',
    fields: [
      { key: 'city', name: '城市', type: 'text' },
      {
        key: 'who',
        name: '找谁',
        type: 'relation',
        config: { formId: people.id },
        rules: { pickBy: [{ field: 'city', by: 'city' }] },
      },
    ],
  });
  for (const [name, city] of [
    ['王芳', '杭州'],
    ['李伟', '宁波'],
  ] as const)
    await engine
      .get(RecordWriter)
      .writeOne(await tenant.ctx(), { formId: people.id, op: 'create', row: { values: { name, city } } });
  const id = (key: string) => bookings.fields.find((item) => item.key === key)?.id as string;
  const open = async (fields: string[]) => {
    const settings = publicFormSettings.parse({ name: '外链', fields, captcha: false, pickers: [id('who')] });
    return (await links().create(await tenant.ctx(), bookings.id, { settings })).url.split('/').at(-1) ?? '';
  };
  const offered = async (token: string, values: Record<string, Json>) =>
    (await visits().pick(token, visitor, { field: 'who', search: '', values })).map(({ label }) => label).sort();
  const token = await open([id('city'), id('who')]);
  expect(await offered(token, { city: '宁波' })).toEqual(['李伟']);
  expect(await offered(token, { city: '' })).toEqual(['李伟', '王芳']);
  const [wang] = await visits().pick(token, visitor, { field: 'who', search: '', values: { city: '杭州' } });
  expect(await codeOf(submit(token, { city: '宁波', who: wang?.id ?? '' }))).toBe('who: record_does_not_fit');
  expect(await codeOf(submit(token, { city: '杭州', who: wang?.id ?? '' }))).toBe('done');
  // A field that the page does not show cannot be used to ask what others hold.
  expect(await offered(await open([id('who')]), { city: '宁波' })).toEqual(['李伟', '王芳']);
});
