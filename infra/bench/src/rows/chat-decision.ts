import { setTimeout as pause } from 'node:timers/promises';
import { dingtalkCard, type ShownCard, wecomCard } from '../phones.js';
import { type FlowBench, percentiles, ref } from './flow-bench.js';

/** A person gets thirty messages a minute at most, so there are no more rounds than that allows. */
const rounds = 20;
const pollMs = 5;
const withinMs = 60_000;

/** 聊天里决定 → three approvers on two platforms all see the outcome on their cards. */
export async function decisionRows(bench: FlowBench): Promise<void> {
  const approvers = await Promise.all(['liwei', 'zhangmin', 'chenzg'].map((userid) => memberOf(bench, userid)));
  const form = await bench.form('decision', [{ key: 'name', name: '名称', type: 'text' }]);
  await bench.flow(
    '决定',
    { type: 'recordCreated', formId: form.id },
    [
      {
        ...{ id: 'ask', name: '审批', type: 'approval', approvers: [{ kind: 'member', ids: approvers }], mode: 'any' },
        ...{ whenEmpty: 'admin', title: ref('trigger', 'name'), facts: [], commentOnReject: false },
      },
    ],
    [{ from: 'trigger', to: 'ask' }],
  );
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const title = `决定-${round}-单`;
    const all = (wanted: (card: ShownCard) => boolean) => everywhere(title, wanted);
    await bench.create(form, { name: title });
    const [first, , third] = await all((card) => card.outcome === null);
    const start = performance.now();
    await (round % 2 === 0 ? first : third)?.press();
    await all((card) => card.outcome !== null);
    times.push(performance.now() - start);
  }
  const { p50, p95 } = percentiles(times);
  bench.section.note('卡片上决定 → 三人两个平台的卡片都显示结果，p50', p50, undefined, 'ms', '');
  bench.section.note('同上，p95', p95, undefined, 'ms', '≤ 5,000');
}

/** Waits until the card stands on all three phones as wanted. */
async function everywhere(title: string, wanted: (card: ShownCard) => boolean): Promise<ShownCard[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const cards = await Promise.all([
      wecomCard('liwei', title),
      wecomCard('zhangmin', title),
      dingtalkCard('chenzg', title),
    ]);
    if (cards.every((card) => card !== undefined && wanted(card))) return cards as ShownCard[];
    if (performance.now() > end) throw new Error(`${title}: ${JSON.stringify(cards)}`);
    await pause(pollMs);
  }
}

async function memberOf(bench: FlowBench, userid: string): Promise<string> {
  const id = await bench.value<string>(
    'SELECT member_id AS value FROM lianke.chat_account WHERE tenant_id = $1 AND userid = $2 AND member_id IS NOT NULL LIMIT 1',
    [bench.tenantId, userid],
  );
  if (!id) throw new Error(`nobody is ${userid}`);
  return id;
}
