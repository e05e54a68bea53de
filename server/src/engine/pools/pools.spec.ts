import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { type PoolSettings, poolSettings } from '@lianke/shared/pools/api';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { type ChineseNotification, inChinese } from '../../../test/support/in-chinese.js';
import { FieldUses } from '../forms/uses/field-uses.service.js';
import { type Notification, Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { UndoService } from '../records/undo.service.js';
import { PoolMovesService } from './pool-moves.service.js';
import { PoolReturner } from './pool-returner.js';
import { PoolSettingsService } from './pool-settings.service.js';
import { PoolsModule } from './pools.module.js';
import { PoolsService } from './pools.service.js';

const sent: ChineseNotification[] = [];
const notifier = {
  enqueue: async (_tx: unknown, _ctx: unknown, notification: Notification) => void sent.push(inChinese(notification)),
  update: async () => undefined,
};
@Module({ providers: [{ provide: Notifier, useValue: notifier }], exports: [Notifier] })
class NotifierModule {}

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let wang: MemberId;
let li: MemberId;

const dayMs = 86_400_000;
const own: Partial<FormGrant> = { actions: ['view', 'create', 'edit'], scope: 'own' };
const ctx = (member?: MemberId) => tenant.ctx(member);
const rules = async (settings: Partial<PoolSettings>) =>
  engine.get(PoolSettingsService).save(await ctx(), form.id, poolSettings.parse({ on: true, ...settings }));
const make = async (values: Record<string, unknown>): Promise<RecordId> =>
  (
    await engine
      .get(RecordWriter)
      .writeOne(await ctx(), { formId: form.id, op: 'create', row: { values: values as never } })
  ).id;
const free = (name: string, more: Record<string, unknown> = {}) => make({ name, owner: null, ...more });
const claim = async (member: MemberId, ...ids: RecordId[]) =>
  engine.get(PoolMovesService).claim(await ctx(member), form.id, ids);
const giveBack = async (member: MemberId, ...ids: RecordId[]) =>
  engine.get(PoolMovesService).giveBack(await ctx(member), form.id, ids, '联系不上');
const inPool = async (member: MemberId, query: object = {}) =>
  engine.get(PoolsService).query(await ctx(member), form.id, { limit: 50, total: true, ...query } as never);
const listed = async (member: MemberId, query: object = {}) =>
  (await engine.get(RecordReader).query(await ctx(member), form.id, { limit: 50, total: true, ...query } as never))
    .items;
const ownerOf = async (id: RecordId) =>
  ((await engine.get(RecordReader).get(await ctx(), form.id, id)).values.owner as { id: string } | null)?.id ?? null;
const night = async () => engine.get(PoolReturner).run(tenant.id);
const nextDay = (days = 1) => engine.kernel.clock.advance(days * dayMs);

beforeAll(async () => {
  engine = await createTestEngine(undefined, [{ module: NotifierModule, global: true } as never, PoolsModule]);
  tenant = await engine.tenant('pools');
}, 60_000);
afterAll(() => engine.close());

beforeEach(async () => {
  sent.length = 0;
  form = await tenant.form({
    appId: await tenant.app(`应用 ${performance.now()}`),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'met', name: '最后联系', type: 'date' },
      { key: 'won', name: '成交', type: 'switch' },
    ],
  });
  wang = await tenant.memberWith('王芳', { [form.id]: own });
  li = await tenant.memberWith('李伟', { [form.id]: { ...own, scope: 'all' } });
});

describe('claiming', () => {
  it('makes the record the claimer’s, once; the next one is told whose it is', async () => {
    await rules({});
    const id = await free('华兴');
    expect(await claim(wang, id)).toMatchObject({ done: 1, failed: 0, held: 1, today: 1 });
    expect(await ownerOf(id)).toBe(wang);
    expect(await claim(li, id)).toMatchObject({ done: 0, failures: [{ recordId: id, reason: '已被王芳领取' }] });
    expect(await claim(wang, id)).toMatchObject({ done: 0, failures: [{ reason: '已经是你的了' }] });
  });

  it('tells nothing of records that never lay in the pool', async () => {
    await rules({});
    const id = await make({ name: '李伟的', owner: li });
    expect(await claim(wang, id)).toMatchObject({ done: 0, failures: [{ reason: '已不在公海里' }] });
    nextDay(2);
    const other = await free('旧事');
    await claim(li, other);
    nextDay(2);
    expect(await claim(wang, other)).toMatchObject({ failures: [{ reason: '已不在公海里' }] });
  });

  it('stops at what one may hold and claim a day; dealt records take no place', async () => {
    await rules({ holds: 3, daily: 2, dealt: { field: 'won', op: 'eq', value: true } });
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => free(name)));
    expect(await claim(wang, ...ids)).toMatchObject({ done: 2, failed: 2, held: 2, today: 2 });
    nextDay();
    const [, , third, fourth] = [...ids].sort() as [RecordId, RecordId, RecordId, RecordId];
    const second = await claim(wang, third, fourth);
    expect(second).toMatchObject({ done: 1, failed: 1 });
    expect(second.failures[0]?.reason).toContain('最多同时负责 3 条');
    const [mine] = await listed(wang);
    const write = { formId: form.id, op: 'update' as const, row: { id: mine?.id as RecordId, values: { won: true } } };
    await engine.get(RecordWriter).writeOne(await ctx(), write);
    expect(await claim(wang, fourth)).toMatchObject({ done: 1, held: 3 });
  });

  it('keeps a former owner from it for a time', async () => {
    await rules({ protectDays: 3 });
    const id = await make({ name: '回头客', owner: wang });
    await giveBack(wang, id);
    expect((await claim(wang, id)).failures[0]?.reason).toContain('3 天后');
    nextDay(3);
    engine.kernel.clock.advance(1000);
    expect(await claim(wang, id)).toMatchObject({ done: 1 });
  });

  it('is for whom the rules name', async () => {
    await rules({ claimers: [{ kind: 'member', id: li }] });
    const id = await free('华兴');
    await expect(claim(wang, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(inPool(wang)).rejects.toMatchObject({ code: 'not_found' });
    expect(await engine.get(PoolsService).list(await ctx(wang))).toEqual([]);
    expect(await claim(li, id)).toMatchObject({ done: 1 });
  });

  it('is one batch, with history, that its claimer may undo', async () => {
    await rules({});
    const id = await free('华兴');
    const { batchId } = await claim(wang, id);
    const { items } = await engine.get(RecordReader).history(await ctx(), form.id, id);
    expect(items[0]).toMatchObject({ kind: 'update' });
    const report = await engine.get(UndoService).undo(await ctx(wang), batchId as BatchId);
    expect(report).toMatchObject({ reversed: 1 });
    expect(await ownerOf(id)).toBeNull();
  });

  it('of fifty at once exactly one wins each record, and nobody passes his limit', async () => {
    await rules({ holds: 3, daily: 3 });
    const people: MemberId[] = [];
    for (let at = 0; at < 50; at++) people.push(await tenant.memberWith(`销售${at}`, { [form.id]: own }));
    const only = await free('抢手');
    const race = await Promise.all(people.map((member) => claim(member, only)));
    expect(race.filter((result) => result.done === 1)).toHaveLength(1);
    const winner = people[race.findIndex((result) => result.done === 1)];
    expect(await ownerOf(only)).toBe(winner);
    const told = `已被${(await engine.get(RecordReader).get(await ctx(), form.id, only)).values.owner && nameOf(people, winner)}领取`;
    expect(
      race.flatMap((result) => result.failures.map((failure) => failure.reason)).every((reason) => reason === told),
    ).toBe(true);

    const many: RecordId[] = [];
    for (let at = 0; at < 40; at++) many.push(await free(`线索${at}`));
    const asked = people.slice(0, 20).flatMap((member, at) => {
      const from = (at * 7) % 30;
      return [claim(member, ...many.slice(from, from + 4)), claim(member, ...many.slice(from + 3, from + 9).reverse())];
    });
    const results = await Promise.all(asked);
    const owned = await Promise.all(many.map(ownerOf));
    const taken = owned.filter((owner) => owner !== null);
    expect(results.reduce((sum, result) => sum + result.done, 0)).toBe(taken.length);
    for (const member of people) {
      const held = taken.filter((owner) => owner === member).length + (member === winner ? 1 : 0);
      expect(held).toBeLessThanOrEqual(3);
    }
    expect(taken.length).toBeGreaterThan(20);
  }, 120_000);
});

const nameOf = (people: readonly MemberId[], member: MemberId | undefined) =>
  `销售${people.indexOf(member as MemberId)}`;

describe('what is seen before claiming', () => {
  const fields = { name: 'read', phone: 'masked' } as const;

  it('holds in lists, filters, sorts, searches, and everywhere else the record is gone', async () => {
    await rules({ fields });
    const id = await free('华兴商贸', { phone: '13812345678', amount: '500' });
    const page = await inPool(wang);
    expect(page.items[0]?.values).toMatchObject({ name: '华兴商贸', phone: ['138****5678'] });
    expect(Object.keys(page.items[0]?.values ?? {}).sort()).toEqual(['createdAt', 'name', 'owner', 'phone']);
    const refused = (query: object, code: string) => expect(inPool(wang, query)).rejects.toMatchObject({ code });
    await refused({ filter: { field: 'amount', op: 'gte', value: '1' } }, 'unknown_field');
    await refused({ sort: [{ field: 'amount', dir: 'asc' }] }, 'unknown_field');
    await refused({ filter: { field: 'phone', op: 'contains', value: '138' } }, 'field_masked');
    expect((await inPool(wang, { search: '13812345678' })).items).toEqual([]);
    expect((await inPool(wang, { search: '华兴' })).items).toHaveLength(1);
    expect((await engine.get(PoolsService).record(await ctx(wang), form.id, id)).values.amount).toBeUndefined();
    // Who sees all records sees these nowhere but in the pool.
    expect(await listed(li)).toEqual([]);
    await expect(engine.get(RecordReader).get(await ctx(li), form.id, id)).rejects.toMatchObject({ code: 'not_found' });
    const metrics = [{ fn: 'sum' as const, field: 'amount', as: 's' }];
    const asked = { groupBy: [], metrics, sort: [], limit: 1 };
    expect((await engine.get(RecordReader).aggregate(await ctx(li), form.id, asked))[0]?.metrics.s ?? null).toBeNull();
    const edit = { formId: form.id, op: 'update' as const, row: { id, values: { owner: li } } };
    await expect(engine.get(RecordWriter).writeOne(await ctx(li), edit)).rejects.toMatchObject({ code: 'not_found' });
    // Claimed, it is his in full.
    await claim(wang, id);
    expect((await listed(wang))[0]?.values).toMatchObject({ phone: ['13812345678'], amount: '500' });
  });

  it('does not bind managers, who hand records out', async () => {
    await rules({ fields, managers: [{ kind: 'member', id: li }] });
    const id = await free('华兴', { amount: '500' });
    expect((await inPool(li)).items[0]?.values.amount).toBe('500');
    expect(await listed(li)).toHaveLength(1);
    const moves = engine.get(PoolMovesService);
    await expect(moves.assign(await ctx(wang), form.id, [id], wang)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await moves.assign(await ctx(li), form.id, [id], wang)).toMatchObject({ done: 1 });
    expect(await ownerOf(id)).toBe(wang);
    expect(await claim(li, id)).toMatchObject({ failures: [{ reason: '已分配给王芳' }] });
  });

  it('without a list of fields is what roles show, and nothing is taken from other rows', async () => {
    await rules({});
    await free('华兴', { amount: '500' });
    expect((await inPool(wang)).items[0]?.values.amount).toBe('500');
    expect(await listed(li)).toHaveLength(1);
    expect(await listed(wang)).toEqual([]);
  });
});

describe('giving back', () => {
  it('is for the owner, with a reason that the next one reads', async () => {
    await rules({ fields: { name: 'read' } });
    const id = await make({ name: '华兴', owner: wang });
    expect(await giveBack(li, id)).toMatchObject({ done: 0, failed: 1 });
    expect(await giveBack(wang, id)).toMatchObject({ done: 1 });
    expect((await inPool(wang)).arrivals[id]).toMatchObject({
      kind: 'return',
      from: { label: '王芳' },
      reason: '联系不上',
    });
  });
});

describe('rules', () => {
  it('are for designers, and name what there is', async () => {
    const settings = engine.get(PoolSettingsService);
    await expect(settings.get(await ctx(wang), form.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(rules({ contactDays: 3 })).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(rules({ contactField: 'name' })).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(rules({ fields: { amount: 'masked' } })).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(rules({ dealt: { field: 'nothing', op: 'notEmpty' } })).rejects.toMatchObject({
      code: 'unknown_field',
    });
    await expect(rules({ managers: [{ kind: 'member', id: form.id }] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

it('a field that the rules name is told to whoever would take it off', async () => {
  await rules({ fields: { name: 'read' }, dealt: { field: 'won', op: 'eq', value: true } });
  const uses = await engine.get(FieldUses).of(await ctx(), form.id, ['won', 'amount']);
  const won = form.fields.find((field) => field.key === 'won');
  expect(uses).toMatchObject([{ kind: 'setting', name: '公海规则', fields: [won?.id] }]);
});

describe('returning by itself', () => {
  const contact: Partial<PoolSettings> = {
    contactField: 'met',
    contactDays: 10,
    noticeDays: 3,
    dealt: { field: 'won', op: 'eq', value: true },
  };

  it('tells the owner first, once, and takes the record when the days are over', async () => {
    const [id, dealt] = [
      await make({ name: '华兴', owner: wang }),
      await make({ name: '老客', owner: wang, won: true }),
    ];
    await rules(contact);
    nextDay(6);
    expect(await night()).toBe(0);
    expect(sent).toEqual([]);
    nextDay();
    await night();
    await night();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ to: [wang], mergeable: true, card: { facts: [{ label: '华兴' }] } });
    nextDay(2);
    expect(await night()).toBe(0);
    nextDay();
    expect(await night()).toBe(1);
    expect([await ownerOf(id), await ownerOf(dealt)]).toEqual([null, wang]);
    expect(sent.at(-1)).toMatchObject({
      to: [wang],
      card: { title: '1 条客户已退回公海', description: '超过 10 天没有联系' },
    });
    expect(await night()).toBe(0);
    expect(sent).toHaveLength(2);
  });

  it('a contact in time keeps it; after an outage the notice still comes first', async () => {
    const id = await make({ name: '华兴', owner: wang });
    await rules(contact);
    nextDay(7);
    await night();
    const met = engine.kernel.clock.now().toISOString().slice(0, 10);
    const write = { formId: form.id, op: 'update' as const, row: { id, values: { met } } };
    await engine.get(RecordWriter).writeOne(await ctx(wang), write);
    nextDay(4);
    expect(await night()).toBe(0);
    // Nobody worked for a month.
    nextDay(30);
    expect(await night()).toBe(0);
    expect(sent).toHaveLength(2);
    nextDay(3);
    expect(await night()).toBe(1);
  });

  it('a new owner gets his own days, and without a deal it goes by its own clock', async () => {
    const id = await make({ name: '华兴', owner: wang });
    await rules({ dealDays: 5, noticeDays: 0, dealt: { field: 'won', op: 'eq', value: true } });
    nextDay(4);
    const write = { formId: form.id, op: 'update' as const, row: { id, values: { owner: li } } };
    await engine.get(RecordWriter).writeOne(await ctx(), write);
    nextDay();
    expect(await night()).toBe(0);
    nextDay(4);
    expect(await night()).toBe(1);
    expect((await inPool(wang)).arrivals[id]).toMatchObject({
      kind: 'auto',
      from: { label: '李伟' },
      reason: '超过 5 天没有成交',
    });
    const english = { ...(await ctx(wang)), language: 'en' as const };
    const { arrivals } = await engine.get(PoolsService).query(english, form.id, { limit: 50 } as never);
    expect(arrivals[id]?.reason).toBe('No deal for more than 5 days');
  });

  it('two processes at once return a record once', async () => {
    await make({ name: '华兴', owner: wang });
    await rules({ ...contact, noticeDays: 0 });
    nextDay(10);
    const counts = await Promise.all([night(), night(), night()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(sent).toHaveLength(1);
  });
});
