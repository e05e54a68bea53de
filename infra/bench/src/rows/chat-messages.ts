import { setTimeout as pause } from 'node:timers/promises';
import { sends } from '../phones.js';
import { type FlowBench, ref } from './flow-bench.js';

const messages = 2000;
const pollMs = 50;
const withinMs = 600_000;

/** 2,000 cards to as many people through the outbox: how many a second, and how many of them reached a phone. */
export async function messageRows(bench: FlowBench): Promise<void> {
  const { rows: people } = await bench.pool.query<{ id: string }>(
    `SELECT member_id AS id FROM lianke.chat_account WHERE tenant_id = $1 AND userid LIKE 'rep%' AND member_id IS NOT NULL`,
    [bench.tenantId],
  );
  if (people.length < messages) throw new Error(`${people.length} people instead of ${messages}`);
  const form = await bench.form('note', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'reader', name: '给谁', type: 'member' },
  ]);
  const flowId = await bench.flow(
    '通知',
    { type: 'recordCreated', formId: form.id },
    [
      {
        ...{ id: 'tell', type: 'message', kind: 'notice', to: [{ kind: 'field', ref: ref('trigger', 'reader').ref }] },
        ...{ title: ref('trigger', 'name'), facts: [], record: 'trigger' },
      },
    ],
    [{ from: 'trigger', to: 'tell' }],
  );
  const before = await sends();
  const start = performance.now();
  await bench.createMany(form, messages, (index) => ({ name: `通知 ${index}`, reader: people[index]?.id }));
  const left = () =>
    bench.value<number>(
      `SELECT (${messages} - count(*) FILTER (WHERE state = 'sent'))::int AS value FROM lianke.message WHERE tenant_id = $1 AND card->>'title' LIKE '通知 %'`,
      [bench.tenantId],
    );
  for (let open = await left(); open !== 0; open = await left()) {
    if (performance.now() - start > withinMs) throw new Error(`${open} messages are not sent`);
    await pause(pollMs);
  }
  const seconds = (performance.now() - start) / 1000;
  await bench.runs(flowId, 'done', messages, withinMs);
  const after = await sends();
  bench.section.note(
    `${messages.toLocaleString('en')} 条消息，从写入数据到都发出`,
    messages / seconds,
    undefined,
    '条/s',
    '',
  );
  bench.section.note('同上：没有到手机的', messages - (after.delivered - before.delivered), undefined, '条', '0');
}
