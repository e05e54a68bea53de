import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../api.js';
import { timed } from '../measure.js';

const children = 100_000;
const chunk = 1000;
const pollMs = 20;
const withinMs = 300_000;

interface Form {
  id: string;
  version: number;
  fields: { id: string; key: string; system?: boolean }[];
}

export interface FormulaFigures {
  /** From publishing a formula over 100k rows until every row has its value. */
  formulaSeconds: number;
  /** A page of the same form, asked for all the while. */
  listP95: number;
  pages: number;
  /** From one changed child of 100k to the exact sum in its parent. */
  rollupMs: number;
}

/** A formula is added to a form of 100k rows while its list is read; a sum over 100k children follows one of them. */
export async function formulaFigures(api: Api, appId: string, formId: string): Promise<FormulaFigures> {
  const form = await api.call<Form>('GET', `/forms/${formId}`);
  const own = form.fields.filter((field) => !field.system);
  const times: number[] = [];
  let computing = true;
  const reading = (async () => {
    while (computing) {
      const body = { sort: [{ field: 'createdAt', dir: 'desc' }], limit: 50 };
      times.push((await timed(() => api.call('POST', `/forms/${formId}/records/query`, body))) * 1000);
    }
  })();
  const formulaSeconds = await timed(async () => {
    await api.call('PATCH', `/forms/${formId}`, {
      version: form.version,
      fields: [
        ...own,
        { key: 'withTax', name: '含税', type: 'formula', config: { expression: '{金额}*1.13', decimals: 2 } },
      ],
    });
    await until(async () => {
      const { items } = await api.call<{ items: { state: string }[] }>('GET', `/forms/${formId}/derived`);
      return items.length === 0;
    });
  });
  computing = false;
  await reading;
  times.sort((a, b) => a - b);
  return {
    formulaSeconds,
    listP95: times[Math.floor(times.length * 0.95)] ?? Number.NaN,
    pages: times.length,
    rollupMs: await rollupMs(api, appId),
  };
}

async function rollupMs(api: Api, appId: string): Promise<number> {
  const parents = await api.call<Form>('POST', '/forms', {
    appId,
    name: '汇总',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  const details = await api.call<Form>('POST', '/forms', {
    appId,
    name: '明细',
    fields: [
      { key: 'parent', name: '上级', type: 'relation', config: { formId: parents.id } },
      { key: 'amount', name: '金额', type: 'money' },
    ],
  });
  await api.call('PATCH', `/forms/${parents.id}`, {
    fields: [
      ...parents.fields.filter((field) => !field.system),
      {
        key: 'sum',
        name: '合计',
        type: 'rollup',
        config: { formId: details.id, relation: 'parent', field: 'amount', fn: 'sum' },
      },
    ],
  });
  const parent = await api.call<{ id: string }>('POST', `/forms/${parents.id}/records`, { values: { name: '全部' } });
  let first = '';
  for (let from = 0; from < children; from += chunk) {
    const create = Array.from({ length: chunk }, () => ({ values: { parent: parent.id, amount: '1' } }));
    const { results } = await api.call<{ results: { id: string }[] }>('POST', `/forms/${details.id}/records/batch`, {
      create,
    });
    first ||= results[0]?.id ?? '';
  }
  const sumIs = async (wanted: number) => {
    const record = await api.call<{ values: { sum: string | null } }>(
      'GET',
      `/forms/${parents.id}/records/${parent.id}`,
    );
    return Number(record.values.sum ?? 0) === wanted;
  };
  await until(() => sumIs(children));
  return (
    (await timed(async () => {
      await api.call('PATCH', `/forms/${details.id}/records/${first}`, { values: { amount: '2' } });
      await until(() => sumIs(children + 1));
    })) * 1000
  );
}

async function until(met: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await met())) {
    if (performance.now() > end) throw new Error('a computed value did not come');
    await pause(pollMs);
  }
}
