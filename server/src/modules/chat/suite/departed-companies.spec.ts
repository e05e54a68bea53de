import type { TenantId } from '@lianke/shared/ids';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatTestApp, connectDingtalk, makeTenant, startChatApp } from '../../../../test/support/chat-app.js';
import type { TestDatabase } from '../../../../test/support/database.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { tenantName } from '../../../kernel/database/ident.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { OrgSyncJobs } from '../org-sync-jobs.js';
import type { Installation } from '../port/suite.js';
import { DepartedCompanies } from './departed-companies.js';
import { keptDays } from './suite-installer.js';
import { SuiteInstalls } from './suite-installs.js';
import { SuiteWorker } from './suite-worker.js';

const suite = { channel: 'wecom', id: 'wwsuite0000000001' } as const;
const demo = 'wwdemo0000000001';
const mine = 'wwmine0000000002';
const day = 86_400_000;
let t: ChatTestApp;
/** A superuser's, before whom no wall stands. */
let all: pg.Client;
let leaver: Installation;
let stayer: Installation;
const stored = new Set<string>();
let companies: DepartedCompanies;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  all = new pg.Client({ connectionString: (t.urls as TestDatabase).adminUrl });
  await all.connect();
  const storage = { delete: async (key: string) => void stored.delete(key) };
  companies = new DepartedCompanies({ database: t.database, storage, clock: t.clock });
  await platform('ticket', {});
  leaver = await install(demo, 'boss');
  stayer = await install(mine, 'admin');
  await makeTenant(t, 'other', '别家');
  for (const { tenantId } of [leaver, stayer]) await furnish(tenantId);
});
afterAll(async () => {
  await all.end();
  await t.close();
});

async function platform<T>(action: string, body: unknown): Promise<T> {
  const url = `${t.sandbox.url}/sandbox/api/suites/${suite.id}/${action}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  await t.sandbox.state.callbacks.idle();
  while (await t.app.get(SuiteWorker).round());
  return (await answer.json()) as T;
}

async function install(corpId: string, userid: string): Promise<Installation> {
  const { openCorpId } = await platform<{ openCorpId: string }>('install', { corpId, userid });
  const found = await t.app.get(SuiteInstalls).find(suite, openCorpId);
  if (!found) throw new Error(`${corpId} is not installed`);
  return found;
}

/** Something of everything that is not only rows: files, a trail, tables of its own, a job that waits. */
async function furnish(tenantId: TenantId): Promise<void> {
  const key = uuid7();
  stored.add(key);
  await t.database.withTenant({ tenantId }, async (tx) => {
    await tx.run(
      `INSERT INTO lianke.file (tenant_id, id, name, mime, size, storage_key) VALUES ($1, $2, '合同.pdf', 'application/pdf', 1, $2::uuid::text)`,
      [tenantId, key],
    );
    await tx.run(`INSERT INTO lianke.audit (tenant_id, id, action) VALUES ($1, $2, 'login')`, [tenantId, uuid7()]);
  });
  await t.database.ddl(tenantId, async (sql) => {
    for (let n = 0; n < 50; n++) await sql(`CREATE TABLE ${tenantName(tenantId)}.f_${n} (id int)`);
  });
}

/** Every row of schema lianke with the tenant it names, and every table of every tenant: what there is of the others. */
async function othersThan(tenantId: TenantId): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  const tables = await all.query<{ name: string; has: boolean }>(
    `SELECT c.relname AS name, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS has
     FROM pg_class c WHERE c.relnamespace = 'lianke'::regnamespace AND c.relkind = 'r'
       AND c.relname NOT IN ('company_deletion','suite_inbox')`,
  );
  for (const { name, has } of tables.rows) {
    const { rows } = await all.query<{ hash: string }>(
      `SELECT coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') AS hash FROM lianke.${name} x ${has ? 'WHERE tenant_id <> $1' : ''}`,
      has ? [tenantId] : [],
    );
    seen[name] = rows[0]?.hash ?? '';
  }
  const own = await all.query<{ n: string; tables: string }>(
    `SELECT n.nspname AS n, count(c.oid)::text AS tables FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
     WHERE n.nspname LIKE 't\\_%' AND n.nspname <> $1 GROUP BY 1`,
    [tenantName(tenantId)],
  );
  for (const row of own.rows) seen[row.n] = row.tables;
  return seen;
}

/** Tables in which anything of a tenant is left. */
async function leftOf(tenantId: TenantId): Promise<string[]> {
  const { rows } = await all.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'lianke'::regnamespace AND c.relkind = 'r'`,
  );
  const left: string[] = [];
  for (const { name } of rows) {
    const found = await all.query(`SELECT 1 FROM lianke.${name} WHERE tenant_id = $1 LIMIT 1`, [tenantId]);
    if (found.rows.length > 0) left.push(name);
  }
  const place = [tenantName(tenantId)];
  if ((await all.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', place)).rows.length > 0) left.push('schema');
  if ((await all.query('SELECT 1 FROM pg_roles WHERE rolname = $1', place)).rows.length > 0) left.push('role');
  const jobs = `SELECT 1 FROM graphile_worker._private_jobs WHERE payload->>'tenantId' = $1`;
  if ((await all.query(jobs, [tenantId])).rows.length > 0) left.push('jobs');
  return left;
}

describe('a company that takes the app away', () => {
  it('is nobody’s to delete while it has it, and not before its time is over', async () => {
    expect(await companies.list()).toEqual([]);
    await expect(companies.delete(leaver.tenantId, 'op')).rejects.toMatchObject({ reason: 'in-use' });
    await platform('cancel', { corpId: demo });
    expect(await companies.list()).toMatchObject([{ tenantId: leaver.tenantId, corpName: '演示企业', due: false }]);
    t.clock.advance((keptDays - 1) * day);
    await expect(companies.preview(leaver.tenantId)).rejects.toMatchObject({ reason: 'not-due' });
    await expect(companies.delete(leaver.tenantId, 'op')).rejects.toMatchObject({ reason: 'not-due' });
    await expect(companies.delete(uuid7() as TenantId, 'op')).rejects.toMatchObject({ reason: 'unknown' });
  });

  it('is kept while it is served through an app of its own', async () => {
    t.clock.advance(2 * day);
    const own = await connectDingtalk(t, leaver.tenantId);
    await expect(companies.delete(leaver.tenantId, 'op')).rejects.toMatchObject({ reason: 'in-use' });
    await t.database.withTenant(leaver, (tx) =>
      tx.run('UPDATE lianke.chat_connection SET secret_cipher = NULL WHERE id = $1', [own.id]),
    );
  });

  it('is shown with what would go, and nothing goes', async () => {
    const [shown] = await companies.list();
    expect(shown).toMatchObject({ tenantId: leaver.tenantId, due: true, interrupted: false });
    const before = await leftOf(leaver.tenantId);
    const amounts = await companies.preview(leaver.tenantId);
    expect(amounts).toMatchObject({ files: 1, rows: { file: 1, tenant: 1, chat_connection: 2 } });
    expect(amounts.tables).toBeGreaterThan(50);
    expect(amounts.rows.member).toBeGreaterThan(0);
    expect(await leftOf(leaver.tenantId)).toEqual(before);
    expect(stored.size).toBe(2);
  });

  it('is gone on with when its deletion was interrupted, and nothing of any other tenant goes', async () => {
    await t.app.get(OrgSyncJobs).request({ tenantId: leaver.tenantId, id: leaver.connectionId });
    await t.app.get(OrgSyncJobs).request({ tenantId: stayer.tenantId, id: stayer.connectionId });
    const others = await othersThan(leaver.tenantId);
    const failing = new DepartedCompanies({
      database: t.database,
      clock: t.clock,
      storage: {
        delete: async () => {
          throw new Error('the store is away');
        },
      },
    });
    await expect(failing.delete(leaver.tenantId, '张三')).rejects.toThrow('the store is away');
    expect(await companies.list()).toMatchObject([{ tenantId: leaver.tenantId, due: true, interrupted: true }]);
    const amounts = await companies.delete(leaver.tenantId, '李四');
    expect(amounts).toMatchObject({ files: 1 });
    expect(await leftOf(leaver.tenantId)).toEqual([]);
    expect(await othersThan(leaver.tenantId)).toEqual(others);
    expect(stored.size).toBe(1);
    expect(await leftOf(stayer.tenantId)).toEqual(expect.arrayContaining(['audit', 'file', 'schema', 'role', 'jobs']));
  });

  it('leaves a row that says whose, when, by whom and how much, and no name of a person', async () => {
    const { rows } = await all.query('SELECT * FROM lianke.company_deletion');
    expect(rows).toMatchObject([
      { id: leaver.tenantId, corp_name: '演示企业', operator: '张三', counts: { files: 1 } },
    ]);
    expect(rows[0]?.finished_at).not.toBeNull();
    expect(await companies.list()).toEqual([]);
    await expect(companies.delete(leaver.tenantId, 'op')).rejects.toMatchObject({ reason: 'unknown' });
  });

  it('is a new company when it adds the app again', async () => {
    const again = await install(demo, 'boss');
    expect(again.tenantId).not.toBe(leaver.tenantId);
    expect(again.state).toBe('active');
    expect((await t.app.get(TenantDirectory).list()).map((tenant) => tenant.id)).toContain(again.tenantId);
  });
});
