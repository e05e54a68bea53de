import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FormId, ImportId, RecordId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ImportJobs } from '../src/engine/imports/import-jobs.js';
import { ImportsService } from '../src/engine/imports/imports.service.js';
import { ImportRunner } from '../src/engine/imports/run/import-runner.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { TestTenant } from './support/engine.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking } from './support/soak.js';
import { type SourceProcess, startSourceProcess } from './support/source-process.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

/** Imports, each with kills of its own; every second one upserts. */
const rounds = soaking ? 20 : 1;
const kills = soaking ? 10 : 2;
const rows = soaking ? 20_000 : 5000;
/** A worker that does nothing for so long, in ms, is killed as it is. */
const patienceMs = 20_000;
const worker = fileURLToPath(new URL('support/worker-child.ts', import.meta.url));

let whole: WholeApp;
let tenant: TestTenant;
let account: TestAccount;
let appId: AppId;
let trades: FormView;
const processes = new Set<SourceProcess>();

beforeAll(async () => {
  whole = await WholeApp.start();
  account = await whole.company('imports');
  tenant = new TestTenant(whole, account.tenantId, account.memberId);
  appId = await tenant.app();
  trades = await tenant.form({ appId, name: '行业', fields: [{ key: 'name', name: '名称', type: 'text' }] });
  const names = Array.from({ length: 30 }, (_, at) => ({ values: { name: `行业${at}` } }));
  await whole.get(RecordWriter).write(await tenant.ctx(), { formId: trades.id, op: 'create', rows: names });
});
afterAll(async () => {
  await Promise.all([...processes].map((process) => process.kill()));
  await whole.kernel.jobs.stop();
  await whole.close();
});

const sql = <Row>(text: string) => whole.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text));

function startWorker(): SourceProcess {
  const { ownerUrl, appUrl, systemUrl } = whole.kernel.database.urls;
  const nowhere = 'http://127.0.0.1:9';
  const home = basename(whole.kernel.config.home);
  const started = startSourceProcess(worker, [ownerUrl, appUrl, systemUrl, home, nowhere, nowhere]);
  processes.add(started);
  return started;
}

/** A form of customers with a relation, a unique field and lines. */
const customers = (name: string) =>
  tenant.form({
    appId,
    name,
    fields: [
      { key: 'code', name: '客户编号', type: 'text', rules: { required: true } },
      { key: 'trade', name: '行业', type: 'relation', config: { formId: trades.id } },
      { key: 'amount', name: '金额', type: 'money' },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'name', name: '品名', type: 'text' },
            { key: 'count', name: '数量', type: 'number' },
          ],
        },
      },
    ],
  });

/** Every fifth customer has a second line; one row of each hundred is refused. */
function fileOf(from: number, count: number): Buffer {
  const lines = ['客户编号,行业,金额,明细.品名,明细.数量'];
  for (let at = from; at < from + count; at++) {
    lines.push(`${at % 100 === 99 ? '' : `C${at}`},行业${at % 30},${at / 4},键盘${at},${at % 7}`);
    if (at % 5 === 0) lines.push(`,,,鼠标${at},1`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

async function upload(form: FormView, file: Buffer, upsert: boolean): Promise<ImportView> {
  const answer = await account.upload(`/api/v1/imports?appId=${appId}&formId=${form.id}`, '客户.csv', file);
  const view = answer.json as ImportView;
  if (!upsert) return view;
  const sheets = view.sheets.map((sheet) => ({
    ...sheet,
    targets: sheet.targets.map((target) => ({ ...target, mode: 'upsert' as const, matchOn: ['code'] })),
  }));
  return whole.get(ImportsService).plan(await tenant.ctx(), view.id, { sheets });
}

/** What a form holds, without ids and times: records in order, their lines with them. */
async function contentOf(formId: FormId): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const ctx = await tenant.ctx();
    const page = await whole.get(RecordReader).query(ctx, formId, {
      sort: [{ field: 'code', dir: 'asc' }],
      fields: ['code', 'trade', 'amount'],
      limit: 1000,
      total: false,
      ...(cursor ? { cursor } : {}),
    });
    const whole_ = await whole.get(RecordReader).getMany(
      ctx,
      formId,
      page.items.map(({ id }) => id as RecordId),
    );
    const lines = new Map(
      whole_.map(({ id, values }) => [id, values.items as { values: { name: string; count: string } }[]]),
    );
    for (const { id, version, values } of page.items) {
      const own = [values.code, (values.trade as { label: string } | null)?.label, values.amount, version];
      found.push(
        JSON.stringify([...own, (lines.get(id) ?? []).map((line) => [line.values?.name, line.values?.count])]),
      );
    }
    cursor = page.cursor ?? undefined;
  } while (cursor);
  return found;
}

/** Leases run by the database's clock and outlive their holder: this is that time gone by; the sweep hands the work on. */
async function handOn(id: ImportId, state: 'running' | 'undoing'): Promise<void> {
  await sql(`UPDATE lianke.import SET lease_until = clock_timestamp() WHERE id = '${id}' AND lease_until IS NOT NULL`);
  await whole.get(ImportJobs).enqueue(state, tenant.id, id);
}

const stateOf = async (id: ImportId) =>
  (
    await sql<{ state: string; done: number }>(
      `SELECT state, next_chunk + progress_done AS done FROM lianke.import WHERE id = '${id}'`,
    )
  )[0] ?? { state: '', done: 0 };

/** Half of the moments are by the clock, half when a further chunk is done. */
async function momentToKill(id: ImportId, state: string, random: () => number): Promise<void> {
  const until = Date.now() + patienceMs;
  if (random() < 0.5) return sleep(random() * 1500);
  const { done } = await stateOf(id);
  while (Date.now() < until) {
    const now = await stateOf(id);
    if (now.state !== state || now.done > done) return sleep(random() * 100);
    await sleep(random() * 20);
  }
}

/** Workers do the work and are killed on the way. @returns how many kills found it unfinished */
async function killed(
  id: ImportId,
  state: 'running' | 'undoing',
  times: number,
  random: () => number,
): Promise<number> {
  let unfinished = 0;
  for (let kill = 0; kill < times; kill++) {
    const process = startWorker();
    await process.line(/^running$/);
    await handOn(id, state);
    await momentToKill(id, state, random);
    await process.kill();
    processes.delete(process);
    if ((await stateOf(id)).state !== state) break;
    unfinished++;
  }
  await sql(`UPDATE lianke.import SET lease_until = NULL WHERE id = '${id}'`);
  const runner = whole.get(ImportRunner);
  const { signal } = new AbortController();
  await (state === 'running' ? runner.run(tenant.id, id, signal) : runner.undo(tenant.id, id, signal));
  return unfinished;
}

it(
  `an import and its undo end the same when their worker is killed at any moment (${rounds} × up to ${kills} kills each)`,
  async () => {
    const random = seeded(newSeed('import-crash'));
    let unfinished = 0;
    for (let round = 0; round < rounds; round++) {
      const upsert = round % 2 === 0;
      const [calm, rough] = [await customers(`客户 ${round} 静`), await customers(`客户 ${round} 乱`)];
      // A tenth of them exists already.
      const first = fileOf(0, rows / 10);
      const runner = whole.get(ImportRunner);
      const start = async (form: FormView, file: Buffer, mode: boolean) => {
        const { id } = await upload(form, file, mode);
        await whole.get(ImportsService).start(await tenant.ctx(), id, {});
        return id;
      };
      const done = async (id: ImportId) => {
        await runner.run(tenant.id, id, new AbortController().signal);
        return whole.get(ImportsService).get(await tenant.ctx(), id);
      };
      await done(await start(calm, first, false));
      await done(await start(rough, first, false));
      const before = await contentOf(rough.id);

      const file = fileOf(0, rows).toString().replaceAll('键盘', '新键盘');
      const expected = await done(await start(calm, Buffer.from(file), upsert));
      const id = await start(rough, Buffer.from(file), upsert);
      unfinished += await killed(id, 'running', kills, random);
      const view = await whole.get(ImportsService).get(await tenant.ctx(), id);

      const counts = ({ results, errorRows, state }: ImportView) => ({
        state,
        errorRows,
        results: results.map(({ created, updated, skipped, failed }) => ({ created, updated, skipped, failed })),
      });
      expect(counts(view)).toEqual(counts(expected));
      expect(await contentOf(rough.id)).toEqual(await contentOf(calm.id));

      await whole.get(ImportsService).undo(await tenant.ctx(), id);
      unfinished += await killed(id, 'undoing', Math.ceil(kills / 2), random);
      const undone = await whole.get(ImportsService).get(await tenant.ctx(), id);
      const records = expected.results[0];
      expect(undone).toMatchObject({
        state: 'undone',
        undo: { reversed: (records?.created ?? 0) + (records?.updated ?? 0), kept: 0, failed: 0 },
      });
      const plain = (lines: string[]) =>
        lines.map((line) => JSON.stringify((JSON.parse(line) as unknown[]).toSpliced(3, 1)));
      expect(plain(await contentOf(rough.id))).toEqual(plain(before));
    }
    // Otherwise nothing was proved.
    expect(unfinished).toBeGreaterThan(0);
    noteFacts('import-crash', { imports: rounds, rowsEach: rows, killsWhileUnfinished: unfinished });
  },
  soaking ? 7_200_000 : 600_000,
);
