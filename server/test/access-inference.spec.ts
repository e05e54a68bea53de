import { buffer } from 'node:stream/consumers';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { exportBody } from '@lianke/shared/records/exports';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommentsModule } from '../src/engine/comments/comments.module.js';
import { CommentsService } from '../src/engine/comments/comments.service.js';
import type { TenantContext } from '../src/engine/context.js';
import { RecomputeWorker } from '../src/engine/derived/recompute.worker.js';
import { ExportRunner } from '../src/engine/exports/export-runner.js';
import { ExportsModule } from '../src/engine/exports/exports.module.js';
import { ExportsService } from '../src/engine/exports/exports.service.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { type Notification, Notifier } from '../src/engine/ports.js';
import { RecordLookup } from '../src/engine/records/record-lookup.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { RecordsService } from '../src/engine/records/records.service.js';
import { TransferService } from '../src/engine/records/transfer.service.js';
import { DashboardsService } from '../src/engine/reports/dashboards.service.js';
import { ShortcutsService } from '../src/engine/shortcuts/shortcuts.service.js';
import { AppError } from '../src/kernel/errors/app-error.js';
import { createTestEngine, type TestEngine, type TestTenant } from './support/engine.js';
import { type ChineseNotification, inChinese } from './support/in-chinese.js';

const sent: ChineseNotification[] = [];
const notifier = {
  enqueue: async (_tx: unknown, _ctx: unknown, notification: Notification) => void sent.push(inChinese(notification)),
  update: async () => undefined,
};

@Module({ providers: [{ provide: Notifier, useValue: notifier }], exports: [Notifier] })
class NotifierModule {}

/** What differs between two worlds: the hidden field's value, or all of the record outside the reader's scope. */
interface Variant {
  secret: string;
  phone: string;
  contact: string;
  outside: { name: string; grade: string; amount: string; phone: string[] };
}

const plain: Variant = {
  secret: 'm500',
  phone: '13811112222',
  contact: 'kaaaa1111zz',
  outside: { name: '外部甲', grade: 'A', amount: '100', phone: ['13800000001'] },
};
const worlds: Record<string, [Variant, Variant]> = {
  'a hidden field': [
    { ...plain, secret: 'a100' },
    { ...plain, secret: 'z900' },
  ],
  'the hidden part of a masked field': [
    { ...plain, phone: '13811112222' },
    { ...plain, phone: '13899992222' },
  ],
  'the hidden part of a value that is masked in its row': [
    { ...plain, contact: 'kaaaa1111zz' },
    { ...plain, contact: 'kbbbb9999zz' },
  ],
  'a record outside the scope': [
    plain,
    { ...plain, outside: { name: '外部乙', grade: 'C', amount: '99999', phone: ['13899999999'] } },
  ],
};

interface World {
  tenant: TestTenant;
  customers: FormView;
  visits: FormView;
  rep: MemberId;
  mine: RecordId;
  outside: RecordId;
  visit: RecordId;
}

let engine: TestEngine;
beforeAll(async () => {
  engine = await createTestEngine(undefined, [
    { module: NotifierModule, global: true } as never,
    CommentsModule,
    ExportsModule,
  ]);
});
afterAll(async () => {
  await engine.kernel.jobs.stop();
  await engine.close();
});

let made = 0;
async function build(variant: Variant): Promise<World> {
  const tenant = await engine.tenant(`inference${++made}`);
  const appId = await tenant.app();
  const options = ['A', 'B', 'C'].map((id) => ({ id, label: `${id}级` }));
  const customers = await tenant.form({
    appId,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'secret', name: '底价', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'contact', name: '联系方式', type: 'text' },
      { key: 'grade', name: '等级', type: 'select', config: { options } },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'echo', name: '底价说明', type: 'formula', config: { expression: 'CONCATENATE({底价}, "元")' } },
    ],
  });
  const visits = await tenant.form({
    appId,
    name: '跟进',
    fields: [
      { key: 'note', name: '内容', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id, onDelete: 'detach' } },
      { key: 'price', name: '客户底价', type: 'lookup', config: { relation: 'customer', field: 'secret' } },
      { key: 'reach', name: '客户联系方式', type: 'lookup', config: { relation: 'customer', field: 'contact' } },
    ],
  });
  const rep = await tenant.memberWith('王芳', {
    [customers.id]: {
      actions: ['view', 'create', 'edit', 'delete', 'export', 'import', 'print', 'share', 'bulk'],
      scope: 'own',
      fields: { secret: 'hidden', phone: 'masked', contact: 'masked' },
      // His customer of grade A is one of them, the other is not.
      masks: { contact: { when: { field: 'grade', op: 'eq', value: 'A' }, otherwise: 'write' } },
    },
    [visits.id]: { actions: ['view', 'create', 'edit', 'export'], scope: 'all' },
  });
  const create = async (form: FormView, values: Record<string, unknown>): Promise<RecordId> =>
    (
      await engine.get(RecordWriter).writeOne(await tenant.ctx({ kind: 'system', name: 'seed' }), {
        formId: form.id as FormId,
        op: 'create',
        row: { values: values as never },
      })
    ).id;
  const mine = await create(customers, {
    name: '我的一',
    secret: variant.secret,
    phone: [variant.phone],
    contact: variant.contact,
    grade: 'A',
    amount: '10',
    owner: rep,
  });
  await create(customers, {
    name: '我的二',
    secret: 'm500',
    phone: ['13855556666'],
    contact: 'ksecond00zz',
    grade: 'B',
    amount: '20',
    owner: rep,
  });
  const outside = await create(customers, { ...variant.outside, secret: 's', owner: tenant.admin });
  const visit = await create(visits, { note: '拜访', customer: outside, owner: rep });
  await create(visits, { note: '电话', customer: mine, owner: rep });
  await engine.get(RecomputeWorker).work();
  return { tenant, customers, visits, rep, mine, outside, visit };
}

/** Every way to ask, each answered or refused; ids are told by the order in which they appear. */
async function everythingAsked(world: World): Promise<string> {
  const { tenant, customers, visits, mine, outside, visit } = world;
  const ctx = await tenant.ctx(world.rep);
  const reader = engine.get(RecordReader);
  const [c, v] = [customers.id as FormId, visits.id as FormId];
  const list = (formId: FormId, query: object) => reader.query(ctx, formId, { limit: 50, total: true, ...query });
  const groups = (formId: FormId, field: string) =>
    reader.aggregate(ctx, formId, {
      groupBy: [{ field }],
      metrics: [{ fn: 'count', as: 'n' }],
      sort: [],
      limit: 50,
    });
  const counts = (formId: FormId, fn: 'count' | 'countDistinct' | 'sum' | 'max', field: string) =>
    reader.aggregate(ctx, formId, { groupBy: [], metrics: [{ fn, field, as: 'n' }], sort: [], limit: 1 });
  const filters: [FormId, Filter][] = [
    ...(['a100', 'z900', 'm500'] as const).flatMap((value): [FormId, Filter][] => [
      [c, { field: 'secret', op: 'eq', value }],
      [c, { not: { field: 'secret', op: 'contains', value: value.slice(0, 2) } }],
      [c, { field: 'echo', op: 'contains', value }],
      [v, { field: 'customer.secret', op: 'eq', value }],
      [v, { field: 'price', op: 'eq', value }],
    ]),
    ...(['1111', '9999'] as const).flatMap((value): [FormId, Filter][] => [
      [c, { field: 'phone', op: 'contains', value }],
      [v, { field: 'customer.phone', op: 'contains', value }],
    ]),
    ...(['kaaaa1111zz', 'kbbbb9999zz', 'ksecond00zz'] as const).flatMap((value): [FormId, Filter][] => [
      [c, { field: 'contact', op: 'eq', value }],
      [c, { field: 'contact', op: 'ne', value }],
      [c, { not: { field: 'contact', op: 'contains', value: value.slice(1, 9) } }],
      [v, { field: 'customer.contact', op: 'startsWith', value: value.slice(0, 4) }],
      [v, { field: 'reach', op: 'eq', value }],
    ]),
    [c, { field: 'contact', op: 'empty' }],
    ...(['A', 'C'] as const).map((value): [FormId, Filter] => [v, { field: 'customer.grade', op: 'eq', value }]),
    [v, { field: 'customer.amount', op: 'gte', value: '50' }],
    [v, { field: 'customer.name', op: 'contains', value: '外部' }],
    [v, { field: 'customer', op: 'eq', value: outside }],
  ];
  const asked: Record<string, () => Promise<unknown>> = {
    'form customers': async () => ({ ...(await engine.get(FormsService).view(ctx, c)), updatedAt: '' }),
    'form visits': async () => ({ ...(await engine.get(FormsService).view(ctx, v)), updatedAt: '' }),
    'list customers': () => list(c, {}),
    'list visits': () => list(v, {}),
    'list the bin': () => list(c, { deleted: true }),
    'asked for the hidden column': () => list(c, { fields: ['secret'] }),
    'asked for the masked column': () => list(c, { fields: ['phone'] }),
    'get mine': () => reader.get(ctx, c, mine),
    'get the outside': () => reader.get(ctx, c, outside),
    'get the visit': () => reader.get(ctx, v, visit),
    'history mine': () => reader.history(ctx, c, mine),
    'history outside': () => reader.history(ctx, c, outside),
    'comments outside': () => engine.get(CommentsService).list(ctx, c, outside),
    'comment on the outside': () => engine.get(CommentsService).create(ctx, c, outside, '看看'),
    'mention about mine': async () => {
      sent.length = 0;
      await engine.get(CommentsService).create(ctx, c, mine, `@[${tenant.admin}] 看看`);
      return sent.map((item) => item.card);
    },
    'transfer preview': () => engine.get(TransferService).preview(ctx, c, [mine, outside]),
    'share the outside': () => reader.requireAction(ctx, c, outside, 'share'),
    'favourite the outside': () => engine.get(ShortcutsService).add(ctx, 'favourite', c, outside),
    'stale save': () => engine.get(RecordsService).update(ctx, c, { id: mine, version: 77, values: { name: '改' } }),
    'write the hidden': () => engine.get(RecordsService).update(ctx, c, { id: mine, values: { secret: 'a100' } }),
    'write the masked': () => engine.get(RecordsService).update(ctx, c, { id: mine, values: { phone: [] } }),
    'write the masked with what it is': () =>
      engine.get(RecordsService).update(ctx, c, { id: mine, values: { contact: 'kaaaa1111zz' } }),
    'match by what is masked in some rows': () =>
      engine.get(RecordWriter).write(ctx, {
        ...{ formId: c, op: 'upsert', matchOn: ['contact'] },
        rows: ['kaaaa1111zz', 'kbbbb9999zz'].map((contact) => ({ values: { contact, grade: 'C' } })),
      }),
    'look up by what is masked in some rows': () =>
      engine.get(RecordLookup).find(ctx, { formId: c, fields: ['contact'], first: ['kaaaa1111zz', 'kbbbb9999zz'] }),
    'write the outside': () => engine.get(RecordsService).update(ctx, c, { id: outside, values: { name: 'x' } }),
    'delete the outside': () =>
      engine.get(RecordWriter).writeOne(ctx, { formId: c, op: 'delete', row: { id: outside } }),
    'point at the outside': () =>
      engine
        .get(RecordWriter)
        .writeOne(ctx, { formId: v, op: 'create', row: { values: { note: 'x', customer: outside } } }),
    'match by the hidden': () =>
      engine
        .get(RecordWriter)
        .write(ctx, { formId: c, op: 'upsert', matchOn: ['secret'], rows: [{ values: { secret: 'a100' } }] }),
    'look up by the hidden': () =>
      engine.get(RecordLookup).find(ctx, { formId: c, fields: ['secret'], first: ['a100', 'z900'] }),
    'look up by the masked': () =>
      engine.get(RecordLookup).find(ctx, { formId: c, fields: ['phone'], first: ['{13811112222}'] }),
    'look up the outside': () =>
      engine.get(RecordLookup).find(ctx, { formId: c, fields: ['name'], first: ['外部甲', '外部乙'] }),
    export: () => exported(ctx, c, tenant),
    'export visits': () => exported(ctx, v, tenant),
    'export the hidden': () => engine.get(ExportsService).create(ctx, c, exportBody.parse({ fields: ['secret'] })),
    'group by grade': () => groups(c, 'grade'),
  };
  for (const [formId, filter] of filters) {
    asked[`filter ${JSON.stringify(filter)}`] = () => list(formId, { filter });
    asked[`count ${JSON.stringify(filter)}`] = () =>
      reader.aggregate(ctx, formId, { filter, groupBy: [], metrics: [{ fn: 'count', as: 'n' }], sort: [], limit: 1 });
    asked[`widget ${JSON.stringify(filter)}`] = () =>
      engine.get(DashboardsService).widget(ctx, {
        id: 'w',
        title: '数',
        type: 'metric',
        formId,
        filter,
        measure: { fn: 'count' },
        place: { x: 0, y: 0, w: 4, h: 4 },
      } as never);
  }
  for (const [formId, fields] of [
    [c, ['secret', 'echo', 'phone', 'contact']],
    [
      v,
      [
        'customer.secret',
        'customer.phone',
        'customer.contact',
        'reach',
        'customer.name',
        'customer.amount',
        'customer.grade',
        'price',
      ],
    ],
  ] as const)
    for (const field of fields) {
      asked[`sort ${field}`] = () => list(formId, { sort: [{ field, dir: 'desc' }] });
      asked[`group ${field}`] = () => groups(formId, field);
      asked[`distinct ${field}`] = () => counts(formId, 'countDistinct', field);
      asked[`max ${field}`] = () => counts(formId, 'max', field);
    }
  for (const text of ['a100', 'z900', '1111', '9999', 'kaaaa', 'kbbbb', 'ksecond', '外部', 'wb']) {
    asked[`search ${text}`] = () => list(c, { search: text });
    asked[`search everywhere ${text}`] = () => engine.get(ShortcutsService).search(ctx, text, 5);
  }
  const answers: string[] = [];
  for (const [name, ask] of Object.entries(asked)) {
    const answer = await ask().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw new Error(`${name}: ${String(error)}`);
      return { refused: error.code, ...error };
    });
    answers.push(`${name}: ${JSON.stringify(answer ?? null)}`);
  }
  return withoutIds(answers.join('\n'));
}

async function exported(ctx: TenantContext, formId: FormId, tenant: TestTenant): Promise<string> {
  const asked = await engine.get(ExportsService).create(ctx, formId, exportBody.parse({ format: 'csv' }));
  await engine.get(ExportRunner).run(tenant.id, asked.id, new AbortController().signal);
  const { stream } = await engine.get(ExportsService).file(ctx, asked.id);
  return (await buffer(stream)).toString('utf8');
}

/** Ids differ from company to company: each is told by where it stood first. */
function withoutIds(text: string): string {
  const seen = new Map<string, string>();
  return text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|f_[0-9a-z]{10}|eyJ[\w-]+|WyJ?[\w-]{20,}/g, (id) => {
    if (!seen.has(id)) seen.set(id, `#${seen.size}`);
    return seen.get(id) ?? '';
  });
}

describe('two companies that differ only in', () => {
  for (const [name, [one, other]] of Object.entries(worlds))
    it(`${name} answer byte for byte alike`, async () => {
      const first = (await everythingAsked(await build(one))).split('\n');
      const second = (await everythingAsked(await build(other))).split('\n');
      expect(second).toEqual(first);
      // Asked by who may see it, the difference is there: the questions are not blind.
      expect(first.join('\n')).toContain('我的一');
    }, 240_000);

  it('nothing hidden differ when asked by who sees everything', async () => {
    const [one, other] = worlds['a record outside the scope'] as [Variant, Variant];
    const seen = async (variant: Variant) => {
      const world = await build(variant);
      const page = await engine
        .get(RecordReader)
        .query(await world.tenant.ctx(), world.customers.id as FormId, { limit: 50, total: true });
      return withoutIds(JSON.stringify(page));
    };
    expect(await seen(one)).not.toBe(await seen(other));
  }, 240_000);
});
