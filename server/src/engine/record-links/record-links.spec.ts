import { Readable } from 'node:stream';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FileId, MemberId, RecordId, RoleId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { createRecordLinkBody } from '@lianke/shared/record-links/api';
import QRCode from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { FilesService } from '../files/files.service.js';
import { OrgService } from '../org/org.service.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordWriter } from '../records/record-writer.js';
import { RecordLinksModule } from './record-links.module.js';
import { RecordLinksService } from './record-links.service.js';
import { SharedVisitsService } from './shared-visits.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let rep: MemberId;
let record: RecordId;
let photo: FileId;
let secretFile: FileId;
const silent = { enqueue: async () => undefined, update: async () => undefined };
const visitor = { address: '203.0.113.7', device: 'Mozilla/5.0 (iPhone)' };
const grant = { actions: ['view', 'share'], scope: 'own', fields: { floor: 'hidden', phone: 'masked' } } as const;

beforeAll(async () => {
  engine = await createTestEngine(undefined, [RecordLinksModule], [{ provide: Notifier, useValue: silent }]);
  tenant = await engine.tenant('links');
  form = await tenant.form({
    appId: await tenant.app(),
    key: 'quote',
    name: '报价单',
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'floor', name: '底价', type: 'money' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'photo', name: '照片', type: 'image' },
      { key: 'inner', name: '内部附件', type: 'attachment' },
    ],
  });
  rep = await tenant.memberWith('王芳', { [form.id]: { ...grant, actions: [...grant.actions] } });
  const upload = async (name: string) =>
    (await engine.get(FilesService).upload(await tenant.ctx(), name, Readable.from([await QRCode.toBuffer(name)])))
      .id as FileId;
  [photo, secretFile] = [await upload('样品.png'), await upload('内部.png')];
  const values = {
    title: '三月报价',
    amount: '8800',
    floor: '5000',
    phone: '13800001111',
    photo: [photo],
    inner: [secretFile],
  };
  const row = { values: { ...values, owner: rep } };
  record = (await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row })).id;
});
afterAll(() => engine.close());

const links = () => engine.get(RecordLinksService);
const visits = () => engine.get(SharedVisitsService);
const inAWeek = () => new Date(engine.kernel.clock.now().getTime() + 7 * 86_400_000).toISOString();
const make = async (more: object = {}, who: MemberId = rep) => {
  const body = createRecordLinkBody.parse({ fields: ['title', 'amount', 'photo'], expiresAt: inAWeek(), ...more });
  const link = await links().create(await tenant.ctx(who), form.id, record, body);
  return { link, token: link.url.split('/').at(-1) ?? '' };
};
const open = (token: string, given = {}) => visits().open(token, visitor, given);

describe('a link to a record', () => {
  it('shows the chosen fields in words, and nothing else', async () => {
    const { token } = await make();
    const page = await open(token);
    expect(page).toMatchObject({ state: 'open', title: '三月报价', company: 'links' });
    const fields = page.sections.flatMap((section) => section.fields);
    expect(fields.map(({ name, text }) => [name, text])).toEqual([
      ['标题', '三月报价'],
      ['金额', '8,800.00 元'],
      ['照片', ''],
    ]);
    expect(JSON.stringify(page)).not.toContain('5,000');
    expect(JSON.stringify(page)).not.toContain('13800001111');
  });

  it('gives the files that it shows, and no other of the record', async () => {
    const { token } = await make();
    const { file, stream } = await visits().file(token, visitor, photo, undefined);
    stream.destroy();
    expect(file.name).toBe('样品.png');
    await expect(visits().file(token, visitor, secretFile, undefined)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is made only by whoever may share, of what he sees in clear', async () => {
    const viewer = await tenant.memberWith('看客', { [form.id]: { actions: ['view'], scope: 'all' } });
    await expect(make({}, viewer)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(make({ fields: ['floor'] })).rejects.toMatchObject({ code: 'unknown_field' });
    await expect(make({ fields: ['phone'] })).rejects.toMatchObject({ code: 'field_masked' });
    await expect(make({ expiresAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(make({ expiresAt: '2099-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('asks for its password, and tells nothing before', async () => {
    const { token } = await make({ password: 'abcd' });
    expect(await open(token)).toMatchObject({ state: 'password', title: '', sections: [] });
    await expect(open(token, { password: 'wrong' })).rejects.toMatchObject({ code: 'wrong_link_password' });
    await expect(visits().file(token, visitor, photo, undefined)).rejects.toMatchObject({
      code: 'wrong_link_password',
    });
    const { pass } = await open(token, { password: 'abcd' });
    expect((await open(token, { pass: pass ?? '' })).state).toBe('open');
    (await visits().file(token, visitor, photo, pass ?? '')).stream.destroy();
  });

  it('counts and logs its openings', async () => {
    const { link, token } = await make();
    await open(token);
    await open(token);
    const ctx = await tenant.ctx(rep);
    const [found] = (await links().list(ctx, form.id, record)).filter(({ id }) => id === link.id);
    expect(found).toMatchObject({ uses: 2, state: 'open' });
    expect(await links().uses(ctx, link.id)).toEqual([
      expect.objectContaining(visitor),
      expect.objectContaining(visitor),
    ]);
  });

  it('is dead once it is revoked, over, or its maker may not share any more', async () => {
    const revoked = await make();
    await links().revoke(await tenant.ctx(rep), revoked.link.id);
    await expect(open(revoked.token)).rejects.toMatchObject({ code: 'link_ended' });

    const lost = await make();
    const mine = await tenant.memberWith('李雷', { [form.id]: { actions: ['view', 'share'], scope: 'all' } });
    const his = await make({}, mine);
    expect((await open(his.token)).state).toBe('open');
    await engine.get(OrgService).updateMember({ tenantId: tenant.id }, mine, { roleIds: [] });
    await expect(open(his.token)).rejects.toMatchObject({ code: 'link_ended' });
    expect((await open(lost.token)).state).toBe('open');

    engine.kernel.clock.advance(8 * 86_400_000);
    await expect(open(lost.token)).rejects.toMatchObject({ code: 'link_ended' });
  });

  it('shows no field that its maker has lost since', async () => {
    const boss = await tenant.memberWith('老板', { [form.id]: { actions: ['view', 'share'], scope: 'all' } });
    const { token } = await make({ fields: ['title', 'floor'] }, boss);
    expect(JSON.stringify(await open(token))).toContain('5,000');
    const { roles } = await engine.get(OrgDirectory).of(await tenant.ctx());
    const role = [...roles.values()].find(({ name }) => name === '角色 老板');
    const forms = { [form.id]: { actions: ['view', 'share'], scope: 'all', fields: { floor: 'hidden' } } };
    const permissions = rolePermissions.parse({ forms });
    await engine.get(OrgService).updateRole({ tenantId: tenant.id }, role?.id as RoleId, { permissions });
    expect(JSON.stringify(await open(token))).not.toContain('5,000');
  });
});
