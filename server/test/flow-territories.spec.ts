import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { DepartmentId, FlowId, MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { TrialRun } from '../src/engine/flows/trial-run.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine } from './support/flows.js';

let engine: TestEngine;
let tenant: TestTenant;
let leads: FormView;
let people: MemberId[];
const department = '01a00000-0000-7000-8000-0000000000d1' as DepartmentId;

beforeAll(async () => {
  engine = await createFlowEngine({});
  tenant = await engine.tenant('acme');
  leads = await tenant.form({
    appId: await tenant.app(),
    key: 'lead',
    name: '线索',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'where', name: '地址', type: 'address' },
      {
        ...{ key: 'line', name: '产品线', type: 'cascader' },
        config: {
          options: [
            { id: 'a', label: '硬件', children: [{ id: 'b', label: '服务器' }] },
            { id: 'c', label: '软件' },
          ],
          anyLevel: true,
        },
      },
    ],
  });
  people = [];
  for (let index = 0; index < 6; index++) people.push(await tenant.memberWith(`销售 ${index}`, {}));
  // 4 and 5 are of one department.
  await sql(`INSERT INTO lianke.department (tenant_id, id, parent_id, name) VALUES ($1, $2, NULL, '华南')`, [
    tenant.id,
    department,
  ]);
  await sql(
    `INSERT INTO lianke.department_member (tenant_id, department_id, member_id) SELECT $1, $2, unnest($3::uuid[])`,
    [tenant.id, department, people.slice(4)],
  );
  await sql('UPDATE lianke.tenant SET access_version = access_version + 1');
});
afterAll(() => engine.close());

const sql = <Row>(text: string, values: unknown[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));

const draft = (by: string, territories: object[], rest: MemberId[]) =>
  flowDefinition.parse({
    trigger: { type: 'recordCreated', formId: leads.id },
    nodes: [
      {
        ...{ id: 'give', type: 'assign', method: 'territory', by, territories },
        people: [{ kind: 'member', ids: rest }],
      },
    ],
    edges: [{ from: 'trigger', to: 'give' }],
  });

async function live(by: string, territories: object[], rest: MemberId[]): Promise<FlowId> {
  const flows = engine.get(FlowsService);
  const definition = draft(by, territories, rest);
  const flow = await flows.create(await tenant.ctx(), { appId: leads.appId, name: '分地区', definition });
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}

async function faults(by: string, territories: object[]): Promise<string[]> {
  const definition = draft(by, territories, people.slice(0, 1));
  const flow = await engine
    .get(FlowsService)
    .create(await tenant.ctx(), { appId: leads.appId, name: '草稿', definition });
  expect(flow.faults.every((fault) => fault.node === 'give')).toBe(true);
  return flow.faults.map((fault) => fault.message);
}

async function ownerOf(values: object): Promise<MemberId> {
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
    formId: leads.id,
    op: 'create',
    row: { values: { name: '甲', ...values } as never },
  });
  await comeToRest(engine);
  const record = await engine.get(RecordReader).get(await tenant.ctx(), leads.id, id as RecordId);
  return (record.values.owner as { id: MemberId }).id;
}
const off = async (id: FlowId) => engine.get(FlowsService).update(await tenant.ctx(), id, { enabled: false });
const number = (id: MemberId) => people.indexOf(id);

it('goes to whoever has the first row that the address lies in, in turn, and else to the rest', async () => {
  const flow = await live(
    'where',
    [
      { id: 'sz', areas: ['广东省/深圳市'], members: [people[0]] },
      { id: 'gd', areas: ['广东省', '海南省'], departments: [department] },
      { id: 'js', areas: ['江苏省'], members: [people[1], people[2]] },
    ],
    people.slice(3, 4),
  );
  const at = async (where: object) => number(await ownerOf({ where }));
  expect(await at({ province: '广东省', city: '深圳市', district: '南山区' })).toBe(0);
  const south = [
    await at({ province: '广东省', city: '广州市' }),
    await at({ province: '海南省', city: '海口市' }),
    await at({ province: '广东省' }),
    await at({ city: '广州市' }),
  ];
  expect(south.slice().sort()).toEqual([4, 4, 5, 5]);
  const east = [];
  for (let n = 0; n < 6; n++) east.push(await at({ province: '江苏省', city: '南京市' }));
  expect(east.filter((who) => who === 1)).toHaveLength(3);
  expect(east.filter((who) => who === 2)).toHaveLength(3);
  expect(await at({ province: '四川省' })).toBe(3);
  expect(await at({ detail: '不知道' })).toBe(3);
  expect(number(await ownerOf({}))).toBe(3);
  await off(flow);
});

it('passes over who is away; where all of a row are, the rest get it', async () => {
  const flow = await live('line', [{ id: 'hw', areas: ['a'], members: people.slice(0, 2) }], people.slice(3, 4));
  const away = (member: MemberId) =>
    sql(
      `INSERT INTO lianke.away (tenant_id, id, member_id, to_id, from_at, until_at, created_at) VALUES ($1, gen_random_uuid(), $2, $3, '2000-01-01', '2999-01-01', now())`,
      [tenant.id, member, tenant.admin],
    );
  await away(people[0] as MemberId);
  for (let n = 0; n < 3; n++) expect(number(await ownerOf({ line: 'a/b' }))).toBe(1);
  await away(people[1] as MemberId);
  expect(number(await ownerOf({ line: 'a/b' }))).toBe(3);
  await sql('DELETE FROM lianke.away');
  const back = [number(await ownerOf({ line: 'a' })), number(await ownerOf({ line: 'a' }))];
  expect(back.every((who) => who < 2)).toBe(true);
  expect(number(await ownerOf({ line: 'c' }))).toBe(3);
  await off(flow);
});

it('says in a trial which row it is, and writes and counts nothing', async () => {
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
    formId: leads.id,
    op: 'create',
    row: { values: { name: '试', line: 'a/b' } as never },
  });
  const definition = draft('line', [{ id: 'hw', areas: ['a/b'], members: [people[0]] }], people.slice(3, 4));
  const before = await sql('SELECT * FROM lianke.flow_turn');
  const trial = await engine.get(TrialRun).run(await tenant.ctx(), definition, id as RecordId);
  expect(trial.steps).toMatchObject([
    { node: 'give', lines: [{ value: '销售 0' }, { label: '产品线', value: '第 1 行' }] },
  ]);
  expect(await sql('SELECT * FROM lianke.flow_turn')).toEqual(before);
});

it('tells at design time what is gone, what overlaps and what is never reached', async () => {
  const who = { members: [people[0]] };
  expect(await faults('name', [])).toEqual(['请选择按哪个地址、单选或级联字段分地区']);
  expect(await faults('where', [])).toEqual(['地区表还没有一行']);
  expect(await faults('where', [{ id: 'x' }])).toEqual(['地区表第 1 行还没有选地区', '地区表第 1 行还没有选分给谁']);
  expect(
    await faults('where', [
      { id: 'a', areas: ['广东省/深圳市'], ...who },
      { id: 'b', areas: ['广东省'], ...who },
      { id: 'c', areas: ['广东省/广州市', '海南省'], ...who },
      { id: 'd', areas: ['广东省/珠海市'], ...who },
      { id: 'e', areas: ['火星省'], ...who },
    ]),
  ).toEqual([
    '地区表第 5 行的“火星省”已不在可选范围里',
    '地区表第 4 行永远轮不到：它的地区都已包含在前面的行里',
    '地区表第 3 行的“广东省 广州市”已包含在第 2 行里，只会按那一行分',
  ]);
  expect(await faults('line', [{ id: 'a', areas: ['a/b', 'gone'], departments: [people[0]] }])).toEqual([
    '地区表第 1 行的“gone”已不在可选范围里',
    '地区表第 1 行的部门里有一个已删除',
  ]);
});
