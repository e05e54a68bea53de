import { latency, timed } from '../measure.js';
import type { ReadBench } from './read-bench.js';

const place = { x: 0, y: 0, w: 6, h: 4 };
const openings = 5;

/** A page of twelve widgets over one form: opened for the first time, opened again, and opened after a record changed. */
export async function dashboardRows({ api, appId, formId, records, note }: ReadBench, rows: string): Promise<void> {
  const big = { field: 'amount', op: 'gte', value: '9000' };
  const widgets = [
    { type: 'metric', measure: { fn: 'count' } },
    { type: 'metric', measure: { fn: 'sum', field: 'amount' } },
    { type: 'metric', measure: { fn: 'avg', field: 'amount' }, filter: { field: 'grade', op: 'eq', value: 'A' } },
    { type: 'metric', measure: { fn: 'count' }, filter: { field: 'signed', op: 'eq', value: { rel: 'thisYear' } } },
    { type: 'pie', dimension: { field: 'channel' }, measure: { fn: 'count' } },
    { type: 'pie', dimension: { field: 'grade' }, measure: { fn: 'sum', field: 'amount' } },
    { type: 'bar', dimension: { field: 'owner' }, measure: { fn: 'count' } },
    { type: 'bar', dimension: { field: 'channel' }, measure: { fn: 'sum', field: 'amount' }, filter: big },
    { type: 'line', dimension: { field: 'signed', unit: 'month' }, measure: { fn: 'sum', field: 'amount' } },
    { type: 'line', dimension: { field: 'createdAt', unit: 'month' }, measure: { fn: 'count' } },
    { type: 'funnel', dimension: { field: 'grade' }, measure: { fn: 'count' } },
    {
      ...{ type: 'list', columns: ['name', 'channel', 'amount'], filter: big },
      sort: [{ field: 'signed', dir: 'desc' }],
    },
  ].map((widget, at) => ({ id: `w${at}`, title: `图 ${at}`, formId, place, ...widget }));
  const { id } = await api.call<{ id: string }>('POST', '/dashboards', {
    ...{ appId, name: `看板 ${rows}`, definition: { widgets } },
  });
  const open = async () => {
    const { widgets: shown } = await api.call<{ widgets: { kind: string }[] }>('GET', `/dashboards/${id}/data`);
    const broken = shown.find(({ kind }) => kind === 'broken');
    if (broken || shown.length !== widgets.length) throw new Error(`a widget is broken: ${JSON.stringify(broken)}`);
  };
  note(`看板 12 个组件，${rows}：第一次打开`, await timed(open), undefined, 's', '≤ 3 s');
  const warm = await latency(openings, open);
  note(`看板 12 个组件，${rows}：再打开 p50`, warm.p50, undefined, 'ms', '≤ 800 ms');
  await api.call('POST', records, { values: { name: '刚签的客户', channel: '官网', grade: 'A', amount: '100' } });
  note(`看板 12 个组件，${rows}：改了一条以后打开`, await timed(open), undefined, 's', '≤ 3 s');
}
