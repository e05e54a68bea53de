import { mergeBody } from '@lianke/shared/duplicates/api';
import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId, ShareRequestId } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { type ChineseNotification, endedInChinese, inChinese } from '../../../test/support/in-chinese.js';
import { ExplainService } from '../access/explain.service.js';
import { SharesService } from '../access/shares.service.js';
import { DuplicateBuilder } from '../duplicates/duplicate-builder.js';
import { DuplicateRulesService } from '../duplicates/duplicate-rules.service.js';
import { MergeService } from '../duplicates/merge.service.js';
import {
  CardActions,
  type Notification,
  type NotificationOutcome,
  Notifier,
  type ReceivedCardAction,
} from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { UndoService } from '../records/undo.service.js';
import { ShareRequestActions } from './share-request-actions.js';
import { ShareRequestMoves } from './share-request-moves.js';
import { ShareRequestsModule } from './share-requests.module.js';
import { ShareRequestsService } from './share-requests.service.js';

const sent: ChineseNotification[] = [];
const outcomes: NotificationOutcome[] = [];
const notifier = {
  enqueue: async (_tx: unknown, _ctx: unknown, notification: Notification) => void sent.push(inChinese(notification)),
  update: async (_tx: unknown, _ctx: unknown, outcome: NotificationOutcome) =>
    void outcomes.push(endedInChinese(outcome)),
};

@Module({ providers: [{ provide: Notifier, useValue: notifier }], exports: [Notifier] })
class NotifierModule {}

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let wang: MemberId;
let li: MemberId;
let record: RecordId;

const own: FormGrant['actions'] = ['view', 'create', 'edit', 'share'];
const ctx = (member?: MemberId) => tenant.ctx(member);
const requests = () => engine.get(ShareRequestsService);
const sees = async (member: MemberId) =>
  (await engine.get(RecordReader).getMany(await ctx(member), form.id, [record])).length > 0;
const asked = { values: { phone: '13800138000' }, reason: '老客户介绍' };
const press = async (member: MemberId, action: string) =>
  engine.get(CardActions).handle(await ctx(member), { action } as ReceivedCardAction);

async function people(sharing: FormGrant['actions'], phone = '13800138000'): Promise<void> {
  wang = await tenant.memberWith('王芳', { [form.id]: { actions: sharing, scope: 'own' } });
  li = await tenant.memberWith('李伟', { [form.id]: { actions: ['view', 'create', 'edit'], scope: 'own' } });
  const values = { name: '华兴', phone, owner: wang };
  const request = { formId: form.id, op: 'create' as const, row: { values: values as never } };
  record = (await engine.get(RecordWriter).writeOne(await ctx(), request)).id;
}

beforeAll(async () => {
  engine = await createTestEngine(undefined, [{ module: NotifierModule, global: true } as never, ShareRequestsModule]);
  // Only a whole application starts its modules.
  engine.get(ShareRequestActions).onModuleInit();
  engine.get(ShareRequestMoves).onModuleInit();
  tenant = await engine.tenant('requests');
}, 60_000);
afterAll(() => engine.close());

beforeEach(async () => {
  sent.length = 0;
  outcomes.length = 0;
  form = await tenant.form({
    appId: await tenant.app(`应用 ${performance.now()}`),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
    ],
  });
  const rule = { id: 'phone', fields: [{ field: 'phone', as: 'phone' as const }], action: 'warn' as const };
  await engine.get(DuplicateRulesService).save(await ctx(), form.id, [rule]);
  while (await engine.get(DuplicateBuilder).work());
  await people(own);
});

it('the owner shares with one tap, for a time, and the asker learned nothing but his name', async () => {
  expect(await requests().ask(await ctx(li), form.id, asked)).toEqual({ asked: [{ id: wang, label: '王芳' }] });
  const [card] = sent;
  expect(card).toMatchObject({
    to: [wang],
    card: {
      title: '李伟申请查看你负责的客户',
      description: '老客户介绍',
      facts: [{ label: '客户', value: '华兴' }, {}],
    },
  });
  expect(await requests().list(await ctx(wang), form.id, record)).toMatchObject([
    { by: { label: '李伟' }, reason: '老客户介绍' },
  ]);
  expect(await sees(li)).toBe(false);

  expect(await press(wang, card?.card.buttons[0]?.action ?? '')).toBe(true);
  expect(await sees(li)).toBe(true);
  expect(outcomes).toMatchObject([{ about: card?.about, outcome: '王芳 已共享 30 天', by: wang }]);
  expect(sent.at(-1)).toMatchObject({ to: [li], card: { title: '王芳与你共享了一条客户数据' } });
  expect(await requests().list(await ctx(wang), form.id, record)).toEqual([]);

  engine.kernel.clock.advance(30 * 86_400_000);
  expect(await sees(li)).toBe(false);
});

it('why it is shared is said to each reader in his language, around what the asker wrote', async () => {
  await requests().ask(await ctx(li), form.id, asked);
  // Who answers reads English; those who look at the shares later do not all.
  const { id } = (await requests().list(await ctx(wang), form.id, record))[0] ?? {};
  await requests().answer({ ...(await ctx(wang)), language: 'en' }, id as ShareRequestId, true);
  const shares = async (language: 'zh' | 'en') =>
    (await engine.get(SharesService).list({ ...(await ctx(wang)), language }, form.id, record))[0];
  expect(await shares('zh')).toMatchObject({ cause: '申请查看：老客户介绍', causeKind: 'asked', words: '老客户介绍' });
  expect(await shares('en')).toMatchObject({ cause: 'Asked to see it: 老客户介绍' });
  expect(sent.at(-1)?.card.description).toBe('申请查看：老客户介绍');
  const explained = await engine
    .get(ExplainService)
    .explain({ ...(await ctx()), language: 'en' }, { memberId: li, formId: form.id, action: 'view', recordId: record });
  expect(JSON.stringify(explained)).toContain('李伟 (Asked to see it: 老客户介绍)');
});

it('a refusal is told to the asker, and settles the request', async () => {
  await requests().ask(await ctx(li), form.id, asked);
  const [, refuse] = sent[0]?.card.buttons ?? [];
  await press(wang, refuse?.action ?? '');
  expect(await sees(li)).toBe(false);
  expect(sent.at(-1)).toMatchObject({ to: [li], card: { title: '王芳没有同意你的查看申请' } });
  await expect(press(wang, sent[0]?.card.buttons[0]?.action ?? '')).rejects.toMatchObject({ code: 'wrong_state' });
});

it('asking again before an answer does not ring again; after some days it does', async () => {
  await requests().ask(await ctx(li), form.id, asked);
  await requests().ask(await ctx(li), form.id, asked);
  expect(sent).toHaveLength(1);
  engine.kernel.clock.advance(3 * 86_400_000);
  await requests().ask(await ctx(li), form.id, asked);
  expect(sent).toHaveLength(2);
  // The buttons of the first card belong to a request that is no more.
  await expect(press(wang, sent[0]?.card.buttons[0]?.action ?? '')).rejects.toMatchObject({ code: 'not_found' });
});

it('nobody but who may share the record reads or answers requests', async () => {
  await requests().ask(await ctx(li), form.id, asked);
  const action = sent[0]?.card.buttons[0]?.action ?? '';
  await expect(press(li, action)).rejects.toMatchObject({ code: 'not_found' });
  await expect(requests().list(await ctx(li), form.id, record)).rejects.toMatchObject({ code: 'not_found' });
  const reader = await tenant.memberWith('只看', { [form.id]: { actions: ['view'], scope: 'all' } });
  expect(await requests().list(await ctx(reader), form.id, record)).toEqual([]);
  expect(await sees(li)).toBe(false);
});

it('what is not there, what one sees already and what is one’s own cannot be asked for', async () => {
  const none = { values: { phone: '13900000000' }, reason: '' };
  await expect(requests().ask(await ctx(li), form.id, none)).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(requests().ask(await ctx(wang), form.id, asked)).rejects.toMatchObject({ code: 'wrong_state' });
  expect(sent).toEqual([]);
});

it('an owner who may not share is not asked', async () => {
  await people(['view', 'create', 'edit'], '13700137000');
  const values = { phone: '13700137000' };
  await expect(requests().ask(await ctx(li), form.id, { values, reason: '' })).rejects.toMatchObject({
    code: 'wrong_state',
  });
});

it('a request follows its record into the one that it is merged with, and back', async () => {
  await requests().ask(await ctx(li), form.id, asked);
  const action = sent[0]?.card.buttons[0]?.action ?? '';
  const other = await engine.get(RecordWriter).writeOne(await ctx(), {
    formId: form.id,
    op: 'create',
    row: { values: { name: '华兴科技', phone: null, owner: wang } as never },
  });
  const waiting = async (id: RecordId) => (await requests().list(await ctx(wang), form.id, id)).length;
  const body = mergeBody.parse({ keep: other.id, others: [record] });
  const { batchId } = await engine.get(MergeService).merge(await ctx(), form.id, body);
  expect(await waiting(other.id)).toBe(1);
  await engine.get(UndoService).undo(await ctx(), batchId as BatchId);
  expect([await waiting(record), await waiting(other.id)]).toEqual([1, 0]);

  await engine.get(MergeService).merge(await ctx(), form.id, body);
  expect(await press(wang, action)).toBe(true);
  expect(await engine.get(RecordReader).getMany(await ctx(li), form.id, [other.id])).toHaveLength(1);
  expect(await waiting(other.id)).toBe(0);
});

it('an open request there already stands for both, an answered one gives way', async () => {
  await requests().ask(await ctx(li), form.id, asked);
  await press(wang, sent[0]?.card.buttons[1]?.action ?? '');
  const refused = record;
  const twin = await engine.get(RecordWriter).writeOne(await ctx(), {
    formId: form.id,
    op: 'create',
    row: { values: { name: '华兴二', phone: '13600136000', owner: wang } as never },
  });
  await requests().ask(await ctx(li), form.id, { values: { phone: '13600136000' }, reason: '' });
  const body = mergeBody.parse({ keep: refused, others: [twin.id] });
  await engine.get(MergeService).merge(await ctx(), form.id, body);
  expect(await requests().list(await ctx(wang), form.id, refused)).toHaveLength(1);
});
