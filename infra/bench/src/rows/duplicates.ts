import { setTimeout as pause } from 'node:timers/promises';
import { latency } from '../measure.js';
import type { ReadBench } from './read-bench.js';

const builtWithinMs = 300_000;
/** Fewer than one member may ask in a minute. */
const checks = 80;

const rules = [
  { id: 'name1', fields: [{ field: 'name', as: 'company' }], action: 'warn' },
  { id: 'phone1', fields: [{ field: 'phone', as: 'phone' }], action: 'warn' },
];

interface RuleView {
  state: string;
}

/**
 * The warning while one types: two rules over all records, every second name has a twin under another legal form. Against
 * two look-ups of keys in the table of keys.
 * @param known a name and number that stand in the form
 */
export async function duplicateRow(
  { api, pool, formId, tenantId, note }: ReadBench,
  size: string,
  known: (index: number) => { name: string; phone: string },
): Promise<void> {
  await api.call('PATCH', `/forms/${formId}/duplicates/rules`, { rules });
  const until = performance.now() + builtWithinMs;
  for (;;) {
    const { items } = await api.call<{ items: RuleView[] }>('GET', `/forms/${formId}/duplicates/rules`);
    if (items.every((rule) => rule.state === 'ready')) break;
    if (performance.now() > until) throw new Error('the keys of repeated records were not made');
    await pause(200);
  }
  const keys = `"t_${tenantId.replaceAll('-', '')}".duplicate_key`;
  await pool.query(`ANALYZE ${keys}`);
  let asked = 0;
  const values = () => {
    const { name, phone } = known((asked++ * 7919) % 100_000);
    return asked % 2 === 0
      ? { name: `${name}（集团）有限公司`, phone }
      : { name: `没有的公司${asked}`, phone: '19900000000' };
  };
  const typed = await latency(checks, () =>
    api.call('POST', `/forms/${formId}/duplicates/check`, { values: values() }),
  );
  const raw = await latency(checks, () =>
    pool.query(`SELECT record_id FROM ${keys} WHERE form_id = $1 AND rule = ANY($2) AND key = $3 LIMIT 4`, [
      formId,
      rules.map((rule) => rule.id),
      values().phone,
    ]),
  );
  note(`输入时查重 p95（${size}，两条规则）`, typed.p95, raw.p95, 'ms', '≤ 150 ms');
}
