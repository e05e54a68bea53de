import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Api } from '../api.js';
import type { Section } from '../section.js';
import { tableOf } from './target.js';

const pollMs = 100;
const chunk = 1000;

export interface BenchFormView {
  id: string;
  fields: { id: string; key: string }[];
}

/** One company with an app of its own for flows: makes forms, publishes flows, waits for their runs. */
export class FlowBench {
  private constructor(
    readonly api: Api,
    readonly pool: pg.Pool,
    readonly section: Section,
    readonly tenantId: string,
    readonly appId: string,
  ) {}

  static async of(api: Api, tenant: string, pool: pg.Pool, section: Section): Promise<FlowBench> {
    const found = await pool.query<{ id: string }>('SELECT tenant_id AS id FROM lianke.tenant WHERE key = $1', [
      tenant,
    ]);
    const app = await api.call<{ id: string }>('POST', '/apps', { name: '压测 流程' });
    return new FlowBench(api, pool, section, found.rows[0]?.id ?? '', app.id);
  }

  form(key: string, fields: object[]): Promise<BenchFormView> {
    return this.api.call<BenchFormView>('POST', '/forms', { appId: this.appId, key, name: key, fields });
  }

  /** Makes and publishes a flow; answers its id. */
  async flow(name: string, trigger: object, nodes: object[], edges: object[]): Promise<string> {
    const named = nodes.map((node) => ({ name: '', ...node }));
    const definition = { trigger, nodes: named, edges };
    const flow = await this.api.call<{ id: string }>('POST', '/flows', { appId: this.appId, name, definition });
    await this.api.call('POST', `/flows/${flow.id}/publish`);
    return flow.id;
  }

  async create(form: BenchFormView, values: object): Promise<string> {
    return (await this.api.call<{ id: string }>('POST', `/forms/${form.id}/records`, { values })).id;
  }

  /** Adds many records, a thousand a request. */
  async createMany(form: BenchFormView, count: number, valuesOf: (index: number) => object): Promise<void> {
    for (let from = 0; from < count; from += chunk) {
      const create = Array.from({ length: Math.min(chunk, count - from) }, (_, i) => ({ values: valuesOf(from + i) }));
      await this.api.call('POST', `/forms/${form.id}/records/batch`, { create });
    }
  }

  table(form: BenchFormView): string {
    return tableOf(this.tenantId, form.id).table;
  }

  column(form: BenchFormView, key: string): string {
    return `c_${form.fields.find((field) => field.key === key)?.id.slice(2) ?? ''}`;
  }

  async value<Value>(text: string, values: unknown[] = []): Promise<Value | undefined> {
    return (await this.pool.query<{ value: Value }>(text, values)).rows[0]?.value;
  }

  /** Waits until so many runs of the flow are in the state; throws when that takes longer than `withinMs`, or one fails. */
  async runs(flowId: string, state: string, count: number, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    for (;;) {
      const { rows } = await this.pool.query<{ state: string; n: number; error: string | null }>(
        'SELECT state, count(*)::int AS n, max(error) AS error FROM lianke.run WHERE tenant_id = $1 AND flow_id = $2 GROUP BY state',
        [this.tenantId, flowId],
      );
      const of = (wanted: string) => rows.find((row) => row.state === wanted);
      if ((of(state)?.n ?? 0) >= count) return;
      if (of('failed')) throw new Error(`a run failed: ${of('failed')?.error}`);
      if (performance.now() > end)
        throw new Error(`${JSON.stringify(rows)} instead of ${count} runs that are ${state}`);
      await pause(pollMs);
    }
  }
}

export const ref = (source: string, path: string) => ({ kind: 'ref', ref: { source, path } });
export const literal = (value: unknown) => ({ kind: 'literal', value });
export const set = (field: string, value: object) => ({ field, value });

/** Middle and 95th percentile. */
export function percentiles(values: readonly number[]): { p50: number; p95: number; most: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), most: at(1) };
}
