import { setTimeout as pause } from 'node:timers/promises';
import { throughput } from '../load/throughput.js';
import { customer, customerForm, tableOf } from './target.js';
import type { WriteBench } from './write-bench.js';

const seconds = 3;
const pollMs = 50;
const drainWithinMs = 120_000;

/** Creates that start an automation which adds a task: how many a second, and how many tasks. */
export async function automationRows(bench: WriteBench): Promise<void> {
  const { api, pool, note, member } = bench;
  const app = await api.call<{ id: string }>('POST', '/apps', { name: '压测 自动化' });
  const customers = await customerForm(api, app.id, 'watched');
  const tasks = await api.call<{ id: string }>('POST', '/forms', {
    appId: app.id,
    key: 'task',
    name: '任务',
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'due', name: '截止', type: 'date' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ],
  });
  const flow = await api.call<{ id: string }>('POST', '/flows', {
    appId: app.id,
    name: '新客户跟进',
    definition: {
      trigger: { type: 'recordCreated', formId: customers.id },
      nodes: [
        {
          id: 'task',
          name: '',
          type: 'createRecord',
          formId: tasks.id,
          assignments: [
            { field: 'title', value: { kind: 'ref', ref: { source: 'trigger', path: 'name' } } },
            { field: 'due', value: { kind: 'now', offset: 3, unit: 'day' } },
            { field: 'customer', value: { kind: 'ref', ref: { source: 'trigger', path: 'id' } } },
          ],
        },
      ],
      edges: [{ from: 'trigger', to: 'task' }],
    },
  });
  await api.call('POST', `/flows/${flow.id}/publish`);
  const done = async () => {
    const { table } = tableOf(member.tenantId, tasks.id);
    return (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? 0;
  };
  let created = 0;
  const start = performance.now();
  const [rate = 0] = await throughput(
    [
      {
        origin: bench.origin,
        headers: bench.headers,
        next: () => ({
          path: `/api/v1/forms/${customers.id}/records`,
          body: JSON.stringify({ values: customer(++created) }),
          rows: 1,
        }),
      },
    ],
    16,
    seconds,
    1,
  );
  note('新增一条并由自动化加一条任务（16 路）', rate, undefined, '/s', '≥ 1,500');
  const until = performance.now() + drainWithinMs;
  let finished = await done();
  while (finished < created && performance.now() < until) {
    await pause(pollMs);
    finished = await done();
  }
  note('自动化完成的任务', finished / ((performance.now() - start) / 1000), undefined, '/s', '≥ 1,000');
  if (finished < created) throw new Error(`only ${finished} of ${created} tasks were added`);
}
