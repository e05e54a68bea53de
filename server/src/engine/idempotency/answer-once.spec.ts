import type { FormView } from '@lianke/shared/forms/definition';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { onDatabase } from '../../../test/support/database.js';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';

let whole: WholeApp;
let admin: TestAccount;
let form: FormView;
let superuser: pg.Client;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('acme', '甲公司');
  const app = (await admin.call('POST', '/api/v1/apps', { name: '客户' })).json;
  const body = { appId: app.id, key: 'customer', name: '客户', fields: [{ key: 'name', name: '名称', type: 'text' }] };
  form = (await admin.call('POST', '/api/v1/forms', body)).json;
  const database = new URL(whole.kernel.database.urls.ownerUrl).pathname.slice(1);
  superuser = new pg.Client({ connectionString: onDatabase(inject('adminUrl'), database) });
  await superuser.connect();
});
afterEach(() => superuser.query('DROP TRIGGER IF EXISTS breaks ON lianke.idempotency'));
afterAll(async () => {
  await superuser.end();
  await whole.close();
});

/** From now on the connection that stores an answer is broken, as by a process or network that dies there. */
async function breakConnections(when: 'BEFORE' | 'AFTER'): Promise<void> {
  await superuser.query(`
    CREATE OR REPLACE FUNCTION lianke.break_connection() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NEW; END $$;
    CREATE TRIGGER breaks ${when} INSERT ON lianke.idempotency FOR EACH ROW EXECUTE FUNCTION lianke.break_connection()`);
}

const url = () => `/api/v1/forms/${form.id}/records`;
const named = async (name: string) => {
  const filter = { field: 'name', op: 'eq', value: name };
  return (await admin.call('POST', `${url()}/query`, { filter })).json.total as number;
};
const answers = async (key: string) =>
  (await superuser.query('SELECT answer FROM lianke.idempotency WHERE key = $1', [key])).rows.length;

it.each(['BEFORE', 'AFTER'] as const)(
  'leaves neither effect nor answer when the connection breaks between them (%s the answer), and the repeat does the work',
  async (when) => {
    const key = uuid7();
    const name = `断开 ${when}`;
    const headers = { 'idempotency-key': key };
    await breakConnections(when);
    expect((await admin.call('POST', url(), { values: { name } }, headers)).status).toBe(500);
    expect([await named(name), await answers(key)]).toEqual([0, 0]);
    await superuser.query('DROP TRIGGER breaks ON lianke.idempotency');

    const first = await admin.call('POST', url(), { values: { name } }, headers);
    const again = await admin.call('POST', url(), { values: { name } }, headers);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.json).toEqual(first.json);
    expect([await named(name), await answers(key)]).toEqual([1, 1]);
  },
);

it('answers the first result to whoever never heard it, although the record has changed since', async () => {
  const headers = { 'idempotency-key': uuid7() };
  const first = (await admin.call('POST', url(), { values: { name: '当初' } }, headers)).json;
  await admin.call('PATCH', `${url()}/${first.id}`, { values: { name: '后来' } });
  expect((await admin.call('POST', url(), { values: { name: '当初' } }, headers)).json).toEqual(first);
});

it('keeps a batch and its answer together', async () => {
  const key = uuid7();
  const headers = { 'idempotency-key': key };
  const body = { create: [{ values: { name: '批量甲' } }, { values: { name: '批量乙' } }] };
  await breakConnections('BEFORE');
  expect((await admin.call('POST', `${url()}/batch`, body, headers)).status).toBe(500);
  expect([await named('批量甲'), await answers(key)]).toEqual([0, 0]);
  await superuser.query('DROP TRIGGER breaks ON lianke.idempotency');

  const first = await admin.call('POST', `${url()}/batch`, body, headers);
  expect(first.json.results.map((result: { status: string }) => result.status)).toEqual(['created', 'created']);
  expect((await admin.call('POST', `${url()}/batch`, body, headers)).json).toEqual(first.json);
  const other = await admin.call('POST', `${url()}/batch`, { create: [{ values: { name: '别的' } }] }, headers);
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
  expect([await named('批量甲'), await named('批量乙'), await named('别的')]).toEqual([1, 1, 0]);
});

it('tells a request that meets its twin at work to wait, and keeps its key when that one fails', async () => {
  const key = uuid7();
  const route = `POST ${url()}`;
  const scope = JSON.stringify([admin.tenantId, admin.memberId, route, key]);
  await superuser.query('BEGIN');
  await superuser.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [scope]);
  const headers = { 'idempotency-key': key };
  const busy = await admin.call('POST', url(), { values: { name: '同时' } }, headers);
  expect([busy.status, busy.json.code]).toEqual([409, 'request_in_progress']);
  await superuser.query('ROLLBACK');
  expect((await admin.call('POST', url(), { values: { name: '同时' } }, headers)).status).toBe(200);
  expect(await named('同时')).toBe(1);
});
