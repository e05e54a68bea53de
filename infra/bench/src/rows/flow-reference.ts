import { type FlowBench, literal, ref, set } from './flow-bench.js';

const deals = 40;
const items = 50;
const withinMs = 180_000;

/** Steps a second through a flow of every kind of node: a loop of fifty with two writes each, a branch, two ways at once. */
export async function referenceRow(bench: FlowBench): Promise<void> {
  const deal = await bench.form('refDeal', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'amount', name: '金额', type: 'money' },
    { key: 'total', name: '合计', type: 'number' },
    { key: 'state', name: '状态', type: 'text' },
  ]);
  const item = await bench.form('refItem', [
    { key: 'deal', name: '所属', type: 'text' },
    { key: 'n', name: '数量', type: 'number' },
    { key: 'done', name: '已处理', type: 'text' },
  ]);
  const log = await bench.form('refLog', [
    { key: 'title', name: '标题', type: 'text' },
    { key: 'deal', name: '商机', type: 'relation', config: { formId: deal.id } },
  ]);
  const logged = (id: string, title: object) => ({
    ...{ id, type: 'createRecord', formId: log.id },
    assignments: [set('title', title), set('deal', ref('trigger', 'id'))],
  });
  const own = [{ field: 'deal', op: 'eq', value: ref('trigger', 'name') }];
  const flowId = await bench.flow(
    '对照流程',
    { type: 'recordCreated', formId: deal.id },
    [
      {
        id: 'find',
        type: 'findRecords',
        formId: item.id,
        match: own,
        sort: [{ field: 'n', dir: 'asc' }],
        limit: items,
      },
      { id: 'loop', type: 'loop', over: 'find' },
      { id: 'mark', type: 'updateRecord', target: 'loop', assignments: [set('done', literal('是'))] },
      logged('each', ref('loop', 'n')),
      { id: 'sum', type: 'aggregate', formId: item.id, match: own, fn: 'sum', field: 'n' },
      { id: 'total', type: 'updateRecord', target: 'trigger', assignments: [set('total', ref('sum', 'value'))] },
      {
        ...{ id: 'size', type: 'branch' },
        cases: [{ id: 'big', name: '大', filter: { field: 'amount', op: 'gt', value: '50000' } }],
      },
      logged('bigLog', literal('大单')),
      logged('smallLog', literal('小单')),
      {
        ...{ id: 'both', type: 'parallel' },
        ways: [
          { id: 'a', name: '甲' },
          { id: 'b', name: '乙' },
        ],
      },
      logged('wayA', literal('甲')),
      {
        ...{ id: 'keep', type: 'upsertRecord', formId: log.id, matchOn: 'title' },
        assignments: [set('title', ref('trigger', 'name')), set('deal', ref('trigger', 'id'))],
      },
      { id: 'state', type: 'updateRecord', target: 'trigger', assignments: [set('state', literal('好'))] },
      logged('scratch', literal('草稿')),
      { id: 'drop', type: 'deleteRecord', target: 'scratch' },
      { id: 'end', type: 'end', message: '完成' },
    ],
    [
      { from: 'trigger', to: 'find' },
      { from: 'find', to: 'loop', port: 'next' },
      { from: 'loop', to: 'mark', port: 'each' },
      { from: 'mark', to: 'each' },
      { from: 'loop', to: 'sum', port: 'next' },
      { from: 'sum', to: 'total' },
      { from: 'total', to: 'size' },
      { from: 'size', to: 'bigLog', port: 'case:big' },
      { from: 'size', to: 'smallLog', port: 'else' },
      { from: 'bigLog', to: 'both' },
      { from: 'smallLog', to: 'both' },
      { from: 'both', to: 'wayA', port: 'way:a' },
      { from: 'both', to: 'keep', port: 'way:b' },
      { from: 'both', to: 'state', port: 'next' },
      { from: 'state', to: 'scratch' },
      { from: 'scratch', to: 'drop' },
      { from: 'drop', to: 'end' },
    ],
  );
  await bench.createMany(item, deals * items, (index) => ({ deal: `商机${index % deals}`, n: index }));
  const start = performance.now();
  await bench.createMany(deal, deals, (index) => ({ name: `商机${index}`, amount: String(index * 2000) }));
  await bench.runs(flowId, 'done', deals, withinMs);
  const seconds = (performance.now() - start) / 1000;
  const steps = await bench.value<number>(
    `SELECT count(*)::int AS value FROM lianke.step s JOIN lianke.run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id WHERE r.flow_id = $1`,
    [flowId],
  );
  bench.section.note('对照流程的步骤（循环 50、分支、并行，40 个同时）', (steps ?? 0) / seconds, undefined, '步/s', '');
}
