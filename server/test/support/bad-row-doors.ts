import { fieldErrorCodes } from '@lianke/shared/errors/codes';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { FormView } from '@lianke/shared/forms/definition';
import { type Row, ruled, ruledChecks, ruledLayout } from '@lianke/shared/forms/testing/rule-rows';
import type { ImportView } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import { insideTypes, publicFormSettings } from '@lianke/shared/public-forms/api';
import { type CellValue, read, writeXlsx } from 'hucre';
import { ImportRunner } from '../../src/engine/imports/run/import-runner.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { SessionService } from '../../src/modules/identity/session.service.js';
import { type BadRow, badValues, fitting, unfit } from './bad-rows.js';
import { TestTenant } from './engine.js';
import { comeToRest } from './flows.js';
import { type Answer, type TestAccount, WholeApp } from './whole-app.js';

/** A company whose form 规则 refuses the corpus. */
export class BadRowsForm {
  private constructor(
    readonly engine: WholeApp,
    readonly account: TestAccount,
    readonly tenant: TestTenant,
    public form: FormView,
  ) {}

  static async open(): Promise<BadRowsForm> {
    const engine = await WholeApp.start({ start: '2026-03-04T02:00:00Z' });
    const account = await engine.company('bad');
    const tenant = new TestTenant(engine, account.tenantId, account.memberId);
    const typed = Object.entries(badValues).map(([type, { config }]) => ({
      key: `${type}1`,
      name: `${type} 1`,
      type: type as FieldTypeName,
      config: config ?? {},
    }));
    const appId = await tenant.app();
    const targets = await tenant.form({ appId, name: '对象', fields: [{ key: 'code', name: '编码', type: 'text' }] });
    await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: targets.id,
      op: 'create',
      rows: [
        { id: fitting as never, values: { code: 'AB123' } },
        { id: unfit as never, values: { code: 'ZZ999' } },
      ],
    });
    const target = {
      key: 'target',
      name: '对象',
      type: 'relation',
      config: { formId: targets.id },
      rules: { pickBy: [{ field: 'code', by: 'code' }] },
    };
    // The same kind of field, its picker narrowed once and for all.
    const offer = {
      ...{ key: 'offer', name: '报价', type: 'relation', config: { formId: targets.id } },
      rules: { pickWhen: { field: 'code', op: 'startsWith', value: 'AB' } },
    };
    const form = await tenant.form({
      appId,
      name: '规则',
      fields: [...ruled, target, offer, ...typed] as never,
      settings: {
        summaryFields: [],
        checks: ruledChecks as never,
      },
      layout: ruledLayout as never,
    });
    return new BadRowsForm(engine, account, tenant, form);
  }

  get records(): string {
    return `/api/v1/forms/${this.form.id}/records`;
  }

  /** The fields that people fill in. */
  get fields(): FormView['fields'] {
    return this.form.fields.filter((field) => !field.system && field.writable);
  }

  /** Whether every value of the row is one of these fields'. */
  has(row: BadRow, fields: FormView['fields'] = this.fields): boolean {
    return Object.keys(row.values).every((key) => fields.some((field) => field.key === key));
  }
}

/** A way in: the rows it can take, and the codes it refuses each with. */
interface Door {
  takes(world: BadRowsForm, row: BadRow): boolean;
  send(world: BadRowsForm, rows: readonly BadRow[]): Promise<string[][]>;
}

interface Refusal {
  fields?: { field: string; code: string }[];
}
const codesIn = (refusal?: Refusal): string[] => (refusal?.fields ?? []).map((item) => `${item.field}: ${item.code}`);

/** One request a row, the answer being 400 with the row's faults. */
async function rowByRow(rows: readonly BadRow[], send: (values: Row) => Promise<Answer>): Promise<string[][]> {
  const found: string[][] = [];
  for (const row of rows) {
    const { status, json } = await send(row.values);
    found.push(status === 400 ? codesIn(json) : [`status ${status}`]);
  }
  return found;
}

async function inOneBatch(rows: readonly BadRow[], send: (body: unknown) => Promise<Answer>): Promise<string[][]> {
  const { results } = (await send({ create: rows.map(({ values }) => ({ values })) })).json;
  return results.map((result: { error?: Refusal }) => codesIn(result.error));
}

let keys = 0;
/** Calls as another system does, with a key. */
async function byKey({ engine, account }: BadRowsForm) {
  const asked = { name: `对接 ${++keys}`, memberId: account.memberId, access: 'write', perMinute: 6000 };
  const made = await account.call('POST', '/api/v1/api-keys', asked);
  const headers = { authorization: `Bearer ${made.json.secret}` };
  return (url: string, body: unknown) => engine.call('POST', url, { body, headers });
}

export const doors: Record<string, Door> = {
  console: {
    takes: () => true,
    send: (world, rows) => rowByRow(rows, (values) => world.account.call('POST', world.records, { values })),
  },
  'the mini-app': {
    takes: () => true,
    async send({ engine, account, records }, rows) {
      const token = await engine.get(SessionService).create(account, {
        ...{ memberId: account.memberId, channel: 'password', personKey: null, door: 'miniapp' },
        ...{ address: '127.0.0.1', userAgent: 'test' },
      });
      const headers = { authorization: `Bearer ${token}` };
      return rowByRow(rows, (values) => engine.call('POST', records, { body: { values }, headers }));
    },
  },
  'the open interface, row by row': {
    takes: () => true,
    async send(world, rows) {
      const key = await byKey(world);
      return rowByRow(rows, (values) => key(world.records, { values }));
    },
  },
  'the open interface, in a batch': {
    takes: () => true,
    async send(world, rows) {
      const key = await byKey(world);
      return inOneBatch(rows, (body) => key(`${world.records}/batch`, body));
    },
  },
  'the console, in a batch': {
    takes: () => true,
    send: (world, rows) => inOneBatch(rows, (body) => world.account.call('POST', `${world.records}/batch`, body)),
  },
  'an import': { takes: (world, row) => world.has(row) && cellsOf(row) !== null, send: byImport },
  'a flow': { takes: (world, row) => world.has(row), send: byFlow },
  'a public form': { takes: (world, row) => world.has(row, onPublicPage(world)), send: atPublicForm },
};

/** Fields that visitors of a link may fill in. */
const onPublicPage = (world: BadRowsForm) => world.fields.filter((field) => !insideTypes.includes(field.type));

/** Each row from another address, no one of which may send so many. */
async function atPublicForm(world: BadRowsForm, rows: readonly BadRow[]): Promise<string[][]> {
  const fields = onPublicPage(world);
  const settings = publicFormSettings.parse({
    name: '登记',
    fields: fields.map((field) => field.id),
    pickers: fields.filter((field) => fieldTypes[field.type].refers === 'record').map((field) => field.id),
    captcha: false,
  });
  const made = await world.account.call('POST', `/api/v1/forms/${world.form.id}/public-forms`, { settings });
  const url = `/api/v1/public/${String(made.json.url).split('/').at(-1)}/submit`;
  let at = 0;
  return rowByRow(rows, (values) => {
    const from = `10.0.${++at >> 8}.${at & 255}`;
    return world.engine.call('POST', url, { body: { values }, from });
  });
}

/** What a person reads of a refused row, back into codes. @param text `名称：必填；…`, by the names of fields */
function codesOfWords(world: BadRowsForm, text: string): string[] {
  const keyOf = (name: string) => world.fields.find((field) => field.name === name)?.key ?? `? ${name}`;
  return text.split('；').map((part) => {
    const empty = /^没有(?!找到)(.+)$/.exec(part);
    if (empty) return `${keyOf(empty[1] ?? '')}: required`;
    const unknown = /^没有找到(.+?)“/.exec(part);
    if (unknown) return `${keyOf(unknown[1] ?? '')}: no_such_record`;
    const [, name = '', why = ''] = /^(.+?)(?:“.*”)?：(.+)$/s.exec(part) ?? [];
    const code = wordings.find(([, words]) => words.test(why))?.[0];
    return code ? `${keyOf(name)}: ${code}` : `? ${part}`;
  });
}

/** The words of each code, those with most of their own first. */
const wordings = Object.entries(fieldErrorCodes)
  .map(([code, { zh }]): [string, RegExp, number] => {
    const own = zh.split(/\{\w+\}/);
    const exact = own.map((piece) => piece.replace(/[.*+?^$()|[\]\\]/g, '\\$&')).join('.*');
    return [code, new RegExp(`^${exact}$`, 's'), own.join('').length];
  })
  .sort((a, b) => b[2] - a[2]);

/** The row as cells of a sheet; null where a sheet cannot say it. */
function cellsOf(row: BadRow): Record<string, CellValue> | null {
  if (row.cells === null) return null;
  const cells: Record<string, CellValue> = {};
  for (const [key, value] of Object.entries(row.cells ?? row.values)) {
    const cell = cellOf(value);
    if (cell === undefined) return null;
    cells[key] = cell;
  }
  return cells;
}

function cellOf(value: Json): CellValue | undefined {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? undefined : value;
  return value.every((item) => typeof item === 'string') ? value.join('、') : undefined;
}

const numbered = '行号';

/** One workbook with all rows: uploaded, planned, started, run; the reasons as its error workbook gives them. */
async function byImport(world: BadRowsForm, rows: readonly BadRow[]): Promise<string[][]> {
  const { account, engine, form, fields } = world;
  const lines = rows.map((row, at) => {
    const cells = cellsOf(row) ?? {};
    return [at, ...fields.map((field) => cells[field.key] ?? null)];
  });
  const header = [numbered, ...fields.map((field) => field.name)];
  const file = Buffer.from(await writeXlsx({ sheets: [{ name: '规则', rows: [header, ...lines] }] }));
  const uploaded = await account.upload(`/api/v1/imports?appId=${form.appId}&formId=${form.id}`, '规则.xlsx', file);
  const view: ImportView = uploaded.json;
  const [target] = view.sheets[0]?.targets ?? [];
  const sheets = view.sheets.map((sheet) => ({
    ...sheet,
    targets: [{ ...target, newFields: [] }],
    columns: sheet.columns.map(({ index, header: name }) => {
      const field = fields.find((item) => item.name === name);
      const to = field
        ? { target: target?.key, field: field.key, status: 'matched' }
        : { target: null, field: null, status: 'skipped' };
      return { index, to };
    }),
  }));
  const options = { ...view.options, duplicates: 'create', badCells: 'refuse' };
  const started = await account.call('POST', `/api/v1/imports/${view.id}/start`, { sheets, options });
  if (started.status >= 300) throw new Error(started.text);
  await engine.get(ImportRunner).run(account.tenantId, view.id, new AbortController().signal);
  const done: ImportView = (await account.call('GET', `/api/v1/imports/${view.id}`)).json;
  if (done.state !== 'done') throw new Error(`${done.state}: ${done.error}`);
  const errors = await account.call('GET', `/api/v1/imports/${view.id}/errors.xlsx`);
  const [, ...failed] = (await read(errors.bytes)).sheets[0]?.rows ?? [];
  const reasons = new Map(failed.map((row) => [Number(row[0]), String(row.at(-1))]));
  return rows.map((_, at) => codesOfWords(world, reasons.get(at) ?? 'written'));
}

/** Each row a call of the flow's webhook; what its 新增数据 was refused for, as the run's step tells. */
async function byFlow(world: BadRowsForm, rows: readonly BadRow[]): Promise<string[][]> {
  const { account, engine, form, fields } = world;
  const assignments = fields.map(({ key }) => ({
    field: key,
    value: { kind: 'ref', ref: { source: 'input', path: `body.${key}` } },
  }));
  const made = await account.call('POST', '/api/v1/flows', {
    appId: form.appId,
    name: '收数据',
    definition: {
      trigger: { type: 'webhook', formId: form.id, inputs: [] },
      nodes: [{ id: 'new', name: '新增', type: 'createRecord', formId: form.id, assignments }],
      edges: [{ from: 'trigger', to: 'new' }],
    },
  });
  const flow = `/api/v1/flows/${made.json.id}`;
  const published = await account.call('POST', `${flow}/publish`);
  if (published.status >= 300) throw new Error(`${made.text} ${published.text}`);
  await account.call('PATCH', flow, { enabled: true });
  const { url } = (await account.call('GET', `${flow}/hook`)).json;
  const runs: string[] = [];
  for (const { values } of rows) {
    const answer = await engine.call('POST', new URL(url).pathname, { body: values });
    if (!answer.json?.runId) throw new Error(answer.text);
    runs.push(answer.json.runId);
  }
  await comeToRest(engine);
  const found: string[][] = [];
  for (const id of runs) {
    const { state, steps } = (await account.call('GET', `/api/v1/runs/${id}`)).json;
    const error = String(steps.find((step: { node: string }) => step.node === 'new')?.error);
    found.push(state === 'failed' ? codesOfWords(world, error.replace(/^.*?没有写入，/, '')) : [state]);
  }
  return found;
}
