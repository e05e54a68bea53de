import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { claim } from './claim.js';
import { ident, tenantName } from './ident.js';
import { tenantTables } from './tenant-table.js';

let engine: TestEngine;
let one: TestTenant;
let other: TestTenant;
let serving: pg.Client;

beforeAll(async () => {
  engine = await createTestEngine();
  one = await engine.tenant('one');
  other = await engine.tenant('other');
  for (const tenant of [one, other]) {
    const appId = await tenant.app('客户');
    await tenant.form({ appId, key: 'customer', name: '客户', fields: [{ key: 'name', name: '名称', type: 'text' }] });
  }
  serving = new pg.Client({ connectionString: engine.kernel.database.urls.appUrl });
  await serving.connect();
});
afterAll(async () => {
  await serving.end();
  await engine.close();
});

/** Tables of schema lianke that have a tenant_id column, with what guards them. */
async function guards() {
  return engine.kernel.database.asOwner(async (client) => {
    const { rows } = await client.query(
      `SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
         coalesce((SELECT array_agg(p.polname::text || ' ' || r.rolname::text) FROM pg_policy p, pg_roles r
           WHERE p.polrelid = c.oid AND r.oid = ANY(p.polroles)), '{}') AS policies
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
       WHERE c.relkind IN ('r','p') AND c.relnamespace = 'lianke'::regnamespace ORDER BY 1`,
    );
    return rows as { name: string; enabled: boolean; forced: boolean; policies: string[] }[];
  });
}

/** What the statement answers in a transaction of the serving role, always rolled back: row count or SQLSTATE. */
async function asServing(statements: string[]): Promise<number | string> {
  await serving.query('BEGIN');
  try {
    let rows = 0;
    for (const statement of statements) rows = (await serving.query(statement)).rowCount ?? 0;
    return rows;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await serving.query('ROLLBACK');
  }
}

const roleOf = (tenant: TestTenant) => `SET LOCAL ROLE ${ident(tenantName(tenant.id))}`;
const settingOf = (tenant: TestTenant) => `SELECT set_config('app.tenant', '${tenant.id}', true)`;

describe('the serving roles', () => {
  it('have neither superuser nor BYPASSRLS, own nothing, and inherit no tenant’s rights', async () => {
    const { rows } = await serving.query(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit,
         (SELECT count(*)::int FROM pg_class c WHERE c.relowner = r.oid) AS owned
       FROM pg_roles r WHERE rolname IN ('lianke_app', 'lianke_system') ORDER BY 1`,
    );
    const none = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolinherit: false };
    expect(rows).toEqual([
      { rolname: 'lianke_app', ...none, owned: 0 },
      { rolname: 'lianke_system', ...none, owned: 0 },
    ]);
  });

  it('cannot become the owner or the claiming role', async () => {
    expect(await asServing(['SET LOCAL ROLE lianke_owner'])).toBe('42501');
    expect(await asServing(['SET LOCAL ROLE lianke_system'])).toBe('42501');
    expect(await asServing(['SET LOCAL row_security = off', roleOf(one), 'SELECT * FROM lianke.member'])).toBe('42501');
  });
});

describe('the wall of row security', () => {
  it('stands around every table with a tenant_id column, each in the registry, forced, with a policy', async () => {
    const tables = await guards();
    expect(tables.length).toBeGreaterThan(30);
    expect(tables.map((table) => table.name)).toEqual([...tenantTables].sort());
    for (const table of tables)
      expect(table, table.name).toMatchObject({
        enabled: true,
        forced: true,
        policies: expect.arrayContaining(['tenant_wall lianke_tenant']),
      });
  });

  it('shows no row of any table without app.tenant, and with it only the tenant’s own', async () => {
    for (const { name } of await guards()) {
      expect(await asServing([`SELECT 1 FROM lianke.${name}`]), `${name} without role`).toBe('42501');
      expect(await asServing([roleOf(one), `SELECT 1 FROM lianke.${name}`]), `${name} without setting`).toBe(0);
      expect(
        await asServing([roleOf(one), settingOf(one), `SELECT 1 FROM lianke.${name} WHERE tenant_id <> '${one.id}'`]),
        `${name} of others`,
      ).toBe(0);
    }
    // Without these the counts above would say nothing.
    expect(await asServing([roleOf(one), settingOf(one), 'SELECT 1 FROM lianke.member'])).toBe(1);
    expect(await asServing([roleOf(one), settingOf(one), 'SELECT 1 FROM lianke.form'])).toBe(1);
  });

  it('refuses to write a row for another tenant, or to move one there', async () => {
    const insert = `INSERT INTO lianke.app (tenant_id, id, key, name) VALUES ('${other.id}', '${randomUUID()}', 'x', 'x')`;
    expect(await asServing([roleOf(one), settingOf(one), insert])).toBe('42501');
    expect(await asServing([roleOf(one), settingOf(one), `UPDATE lianke.app SET tenant_id = '${other.id}'`])).toBe(
      '42501',
    );
    expect(
      await asServing([roleOf(one), settingOf(one), `DELETE FROM lianke.app WHERE tenant_id = '${other.id}'`]),
    ).toBe(0);
  });
});

describe('the wall of schemas', () => {
  it('refuses another tenant’s schema, whatever app.tenant says', async () => {
    const [table] = await engine.kernel.database.asOwner(async (client) => {
      const { rows } = await client.query('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [
        tenantName(other.id),
      ]);
      return rows as { name: string }[];
    });
    const read = `SELECT 1 FROM ${ident(tenantName(other.id))}.${ident(table?.name ?? '')}`;
    expect(await asServing([roleOf(other), settingOf(other), read])).toBe(0);
    expect(await asServing([roleOf(one), settingOf(other), read])).toBe('42501');
    expect(await asServing([roleOf(one), settingOf(one), read])).toBe('42501');
    expect(await asServing([settingOf(other), read])).toBe('42501');
  });

  it('holds inside withTenant too', async () => {
    const { database } = engine.kernel;
    const read = (id: string) => database.withTenant({ tenantId: id }, (tx) => tx.sql('SELECT id FROM lianke.member'));
    expect(await read(one.id)).toEqual([{ id: one.admin }]);
    expect(await read(other.id)).toEqual([{ id: other.admin }]);
    await expect(
      database.withTenant({ tenantId: one.id }, (tx) =>
        tx.sql(`SELECT 1 FROM ${ident(tenantName(other.id))}.record_change`),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    expect(() => read(`${one.id}'; DROP SCHEMA lianke CASCADE; --`)).toThrow('not a uuid');
  });
});

describe('a transaction whose opening fails', () => {
  const missing = randomUUID();
  const readIt = () =>
    engine.kernel.database.withTenant({ tenantId: missing }, (tx) => tx.sql('SELECT pg_backend_pid()'));

  it('says why, not that the transaction is aborted', async () => {
    await expect(readIt()).rejects.toMatchObject({
      code: '22023',
      message: expect.stringContaining(tenantName(missing)),
    });
  });

  it('leaves a connection that was refused the tenant’s role, and works once it is granted', async () => {
    const role = ident(tenantName(missing));
    const asOwner = (text: string) => engine.kernel.database.asOwner((client) => client.query(text));
    const { database } = engine.kernel;
    await asOwner(`CREATE ROLE ${role}`);
    const [used] = await database.withTenant({ tenantId: one.id }, (tx) =>
      tx.sql<{ pid: number }>('SELECT pg_backend_pid() AS pid'),
    );
    let attempts = 0;
    const answer = await database.withTenant({ tenantId: missing }, async (tx) => {
      attempts++;
      return tx.sql('SELECT 1 AS one').catch(async (error: unknown) => {
        await asOwner(`GRANT ${role} TO lianke_app`);
        throw error;
      });
    });
    expect({ answer, attempts }).toEqual({ answer: [{ one: 1 }], attempts: 2 });
    await expect
      .poll(() => asOwner(`SELECT 1 FROM pg_stat_activity WHERE pid = ${used?.pid}`).then(({ rows }) => rows))
      .toEqual([]);
    await asOwner(`DROP ROLE ${role}`);
  });
});

describe('what runs on beside work that failed', () => {
  it('cannot speak into the transaction that gets the connection next', async () => {
    const { database } = engine.kernel;
    let release = (): void => undefined;
    const gate = new Promise<void>((resume) => {
      release = resume;
    });
    let straggler: Promise<unknown> | undefined;
    const failed = database.withTenant({ tenantId: one.id }, async (tx) => {
      straggler = gate.then(() => tx.run('SELECT 1 FROM nowhere'));
      straggler.catch(() => undefined);
      await tx.sql('SELECT 1 FROM nowhere');
    });
    await expect(failed).rejects.toMatchObject({ code: '42P01' });
    const next = database.withTenant({ tenantId: other.id }, async (tx) => {
      release();
      await straggler?.catch(() => undefined);
      return tx.sql('SELECT 1 AS one');
    });
    expect(await next).toEqual([{ one: 1 }]);
    await expect(straggler).rejects.toThrow('after the end of its transaction');
  });
});

describe('the claiming role', () => {
  it('reaches the claim tables and nothing else', async () => {
    const tables = await guards();
    for (const { name, policies } of tables) {
      const answer = await engine.kernel.database
        .asSystem((tx) => tx.sql(`SELECT 1 FROM lianke.${name} LIMIT 1`))
        .then(
          () => 'read',
          (error: { code: string }) => error.code,
        );
      expect(answer, name).toBe(policies.includes('system_claims lianke_system') ? 'read' : '42501');
    }
    const open = tables.filter((table) => table.policies.includes('system_claims lianke_system'));
    expect(open.map((table) => table.name)).toEqual([
      'away',
      'callback_inbox',
      'derived_build',
      'duplicate_build',
      'event',
      'export',
      'field_conversion',
      'flow_schedule',
      'import',
      'index_check',
      'message',
      'recompute',
      'run',
    ]);
    expect(await asSystem(`SET LOCAL ROLE ${ident(tenantName(one.id))}`)).toBe('42501');
    expect(await asSystem(`SELECT 1 FROM ${ident(tenantName(one.id))}.record_change`)).toBe('42501');
  });

  const asSystem = (statement: string) =>
    engine.kernel.database
      .asSystem((tx) => tx.sql(statement))
      .then(
        () => 'allowed',
        (error: { code: string }) => error.code,
      );
});

describe('claim', () => {
  const options = {
    table: 'event',
    key: ['id'],
    ready: `q.state = 'new'`,
    order: 'created_at, id',
    perTenant: 50,
    limit: 60,
    leaseSeconds: 30,
  };
  const claimNow = () =>
    engine.kernel.database.asSystem((tx) => claim<{ tenant_id: string; id: string; epoch: number }>(tx, options));
  const insert = (tenant: TestTenant, count: number) =>
    engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) =>
      tx.run(
        `INSERT INTO lianke.event (tenant_id, id, form_id, record_id, kind, before, after, changed, door, depth, created_at)
         SELECT $1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'created', '{}', '{}', '{}', 'api', 0,
           clock_timestamp() - interval '1 hour' FROM generate_series(1, $2::int)`,
        [tenant.id, count],
      ),
    );

  it('serves another tenant at once although 20,000 older rows of one tenant are waiting', async () => {
    await insert(one, 20_000);
    await insert(other, 3);
    const first = await claimNow();
    expect(first).toHaveLength(53);
    expect(first.filter((row) => row.tenant_id === other.id)).toHaveLength(3);
    // They take turns: the quiet tenant’s three stand among the first six.
    expect(first.slice(0, 6).filter((row) => row.tenant_id === other.id)).toHaveLength(3);
  });

  it('gives no row to two claimers, and fences out whoever lost his lease', async () => {
    const claims = await Promise.all([claimNow(), claimNow(), claimNow()]);
    const ids = claims.flat().map((row) => row.id);
    expect(ids.length).toBeGreaterThan(50);
    expect(new Set(ids).size).toBe(ids.length);

    const held = claims.flat()[0];
    if (!held) throw new Error('nothing was claimed');
    const ctx = { tenantId: held.tenant_id };
    await engine.kernel.database.withTenant(ctx, (tx) =>
      tx.run(
        `UPDATE lianke.event SET lease_until = clock_timestamp() - interval '1 second', created_at = 'epoch' WHERE id = $1`,
        [held.id],
      ),
    );
    const again = (await claimNow()).find((row) => row.id === held.id);
    expect(again?.epoch).toBe(held.epoch + 1);
    const finish = (epoch: number) =>
      engine.kernel.database.withTenant(ctx, (tx) =>
        tx.run(`UPDATE lianke.event SET state = 'done' WHERE id = $1 AND epoch = $2`, [held.id, epoch]),
      );
    expect(await finish(held.epoch)).toBe(0);
    expect(await finish(held.epoch + 1)).toBe(1);
  });
});

describe('changing a table', () => {
  it('gives way to a reader after half a second instead of stopping all later ones, and comes back', async () => {
    const schema = ident(tenantName(one.id));
    const [table] = await engine.kernel.database.asOwner(async (client) => {
      const { rows } = await client.query(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> 'record_change' LIMIT 1`,
        [tenantName(one.id)],
      );
      return rows as { name: string }[];
    });
    const name = `${schema}.${ident(table?.name ?? '')}`;
    let attempts = 0;
    let second: () => void = () => undefined;
    const secondAttempt = new Promise<void>((resolve) => {
      second = resolve;
    });
    await serving.query('BEGIN');
    await serving.query(roleOf(one));
    await serving.query(`SELECT 1 FROM ${name} LIMIT 1`);
    const change = engine.kernel.database.ddl(one.id, async (sql) => {
      attempts += 1;
      if (attempts === 2) second();
      await sql(`ALTER TABLE ${name} ADD COLUMN while_read int`);
    });
    await secondAttempt;
    await serving.query('COMMIT');
    await change;
    expect(attempts).toBeGreaterThanOrEqual(2);
    expect(await asServing([roleOf(one), `SELECT while_read FROM ${name}`])).toBe(0);
  });

  it('leaves nothing of a change that fails', async () => {
    const schema = ident(tenantName(one.id));
    await expect(
      engine.kernel.database.ddl(one.id, async (sql) => {
        await sql(`CREATE TABLE ${schema}.half (id int)`);
        await sql('SELECT 1/0');
      }),
    ).rejects.toMatchObject({ code: '22012' });
    expect(await asServing([roleOf(one), `SELECT 1 FROM ${schema}.half`])).toBe('42P01');
  });
});
