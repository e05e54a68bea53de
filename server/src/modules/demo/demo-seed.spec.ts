import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../../../infra/sandbox/src/server.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { kernelParts } from '../../../test/support/kernel-parts.js';
import { newSeed, seeded } from '../../../test/support/random.js';
import { noteFacts, soaking } from '../../../test/support/soak.js';
import { createApp } from '../../create-app.js';
import type { Database } from '../../kernel/database/database.js';
import { UndiciHttp } from '../../kernel/outbound/undici-http.js';
import { DemoSeed } from './demo-seed.js';

const killed = new Error('killed');
const doors = new Set(['withTenant', 'asSystem', 'asOwner', 'ddl', 'control', 'request']);

/** Counts what the process does to the outside, one transaction or request at a time, and ends it before a given one. */
class Fate {
  done = 0;
  left = Number.POSITIVE_INFINITY;

  /** The same object, whose every transaction and request is subject to this fate. */
  over<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        if (!doors.has(String(name))) return value.bind(object);
        return (...args: unknown[]) => {
          if (this.left-- <= 0) return Promise.reject(killed);
          this.done++;
          return value.apply(object, args);
        };
      },
    });
  }
}

let test: TestDatabase;
let kernel: Awaited<ReturnType<typeof kernelParts>>;
let app: NestFastifyApplication;
let sandbox: RunningSandbox | undefined;
let home: string;
let fate: Fate;
let direct: Database;

async function start(withSandbox: boolean): Promise<void> {
  fate = new Fate();
  test = await createTestDatabase();
  kernel = await kernelParts(test, test.name);
  direct = kernel.database;
  home = mkdtempSync(join(tmpdir(), 'lianke-seed-'));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  sandbox = withSandbox ? await createSandbox({ port: 0, publicUrl, wait: async () => undefined }) : undefined;
  const platform = sandbox?.url ?? 'http://127.0.0.1:9';
  kernel.database = fate.over(kernel.database);
  kernel.outbound = fate.over(new UndiciHttp({ trustedHosts: [platform] }));
  kernel.config = {
    ...kernel.config,
    role: 'api',
    home,
    publicUrl,
    sandbox: withSandbox,
    wecom: { apiBase: platform, oauthBase: platform, loginBase: platform, installBase: platform },
    dingtalk: { apiBase: platform, oapiBase: platform, loginBase: platform },
  };
  app = await createApp(kernel);
  await kernel.jobs.open();
  await app.listen(port, '127.0.0.1');
}

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
  await sandbox?.close();
  await kernel.jobs.stop();
  await direct.close();
  await test.drop();
  rmSync(home, { recursive: true, force: true });
});

/** Runs the seeding until it has done `steps` transactions and requests; true when that was all of it. */
async function seedFor(steps: number): Promise<boolean> {
  fate.left = steps;
  fate.done = 0;
  try {
    await app.get(DemoSeed).prepare();
    return true;
  } catch (error) {
    if (error === killed || sandboxKilled(error)) return false;
    throw error;
  } finally {
    fate.left = Number.POSITIVE_INFINITY;
  }
}

/** The product is the sandbox's callback too: killed inside of the verification, the sandbox reports it. */
const sandboxKilled = (error: unknown) => error instanceof Error && /refused the callback/.test(error.message);

type Row = readonly (string | number | boolean | null)[];

/** Everything the seeding makes, by names instead of ids. */
async function contents(): Promise<Record<string, Row[]>> {
  const client = await directClient();
  try {
    const all = async (sql: string) =>
      (await client.query<Row>({ text: sql, rowMode: 'array' } as never)).rows as Row[];
    return {
      tenants: await all('SELECT key, name, demo FROM lianke.tenant ORDER BY 1'),
      members: await all(
        'SELECT t.key, m.account, m.name, m.password_hash IS NOT NULL FROM lianke.member m JOIN lianke.tenant t USING (tenant_id) ORDER BY 1, 2, 3',
      ),
      roles: await all('SELECT t.key, r.key FROM lianke.role r JOIN lianke.tenant t USING (tenant_id) ORDER BY 1, 2'),
      holders: await all(
        `SELECT t.key, m.account, r.key FROM lianke.role_member h JOIN lianke.member m ON m.id = h.member_id
         JOIN lianke.role r ON r.id = h.role_id JOIN lianke.tenant t ON t.tenant_id = h.tenant_id ORDER BY 1, 2, 3`,
      ),
      connections: await all(
        'SELECT t.key, c.channel, c.corp_id FROM lianke.chat_connection c JOIN lianke.tenant t USING (tenant_id) ORDER BY 1, 2',
      ),
      choices: await all(
        'SELECT t.key, m.account, w.channel FROM lianke.chat_choice w JOIN lianke.member m ON m.id = w.member_id JOIN lianke.tenant t ON t.tenant_id = w.tenant_id ORDER BY 1, 2',
      ),
      accounts: await all(
        `SELECT c.channel || ':' || a.userid_key, count(*)::int FROM lianke.chat_account a
         JOIN lianke.chat_connection c ON c.id = a.connection_id GROUP BY 1 ORDER BY 1`,
      ),
      links: await all('SELECT person_key, count(*)::int FROM lianke.person_link GROUP BY 1 ORDER BY 1'),
      forms: await all(
        'SELECT a.key, f.name FROM lianke.form f JOIN lianke.app a ON a.id = f.app_id ORDER BY 1, f.sort',
      ),
      flows: await all('SELECT name, enabled, published_version FROM lianke.flow ORDER BY 1'),
      pages: await all('SELECT name FROM lianke.dashboard ORDER BY 1'),
      imports: await all('SELECT file_name, state FROM lianke.import'),
    };
  } finally {
    await client.end();
  }
}

async function directClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: test.adminUrl });
  await client.connect();
  return client;
}

/** As before the first start. */
async function wipe(): Promise<void> {
  const client = await directClient();
  try {
    await client.query(`DELETE FROM lianke.installation WHERE name = 'seeded'`);
    await client.query('TRUNCATE lianke.tenant, lianke.member, lianke.role, lianke.role_member');
  } finally {
    await client.end();
  }
  rmSync(join(home, 'admin-password'), { force: true });
}

it('carries on at the next start when killed between any two steps of making the first company', async () => {
  await start(false);
  expect(await seedFor(Number.POSITIVE_INFINITY)).toBe(true);
  const whole = await contents();
  const steps = fate.done;
  expect(steps).toBeGreaterThan(8);
  expect(whole.roles).toEqual(['admin', 'boss', 'member', 'supervisor'].map((role) => ['demo', role]));
  for (let step = 0; step < steps; step++) {
    await wipe();
    expect(await seedFor(step)).toBe(false);
    expect(await seedFor(Number.POSITIVE_INFINITY)).toBe(true);
    expect(await contents(), `killed before step ${step}`).toEqual(whole);
  }
  // What stands is left alone.
  expect(await seedFor(2)).toBe(true);
}, 120_000);

it(
  'makes the demonstration once and whole however often its start is killed',
  async () => {
    await start(true);
    // Each start does a little more than the one before, so that kills fall everywhere.
    const random = seeded(newSeed('demo-seed'));
    let starts = 1;
    for (let steps = 1; !(await seedFor(steps)); steps += soaking ? 1 : 1 + Math.floor(random() * 16)) starts++;
    noteFacts('demo-seed', { starts });
    const seen = await contents();
    expect(seen.tenants).toEqual([
      ['demo', '演示企业', true],
      ['mine', '我的企业', true],
    ]);
    const roles = ['admin', 'boss', 'crmAdmin', 'manager', 'member', 'sales', 'supervisor'];
    expect(seen.roles?.filter(([tenant]) => tenant === 'demo')).toEqual(roles.map((role) => ['demo', role]));
    expect(seen.connections?.map(([key, channel]) => [key, channel])).toEqual([
      ['demo', 'dingtalk'],
      ['demo', 'wecom'],
      ['mine', 'dingtalk'],
      ['mine', 'wecom'],
    ]);
    expect(seen.choices).toEqual(
      ['demo', 'mine'].flatMap((key) => ['boss', 'chenzg'].map((account) => [key, account, 'dingtalk'])),
    );
    expect(seen.forms).toHaveLength(10);
    expect(seen.flows).toHaveLength(5);
    expect(seen.imports).toEqual([['客户台账.xlsx', 'running']]);
    const people = (tenant: string) => seen.members?.filter(([of]) => of === tenant).map(([, ...rest]) => rest);
    expect(people('demo')).toEqual(people('mine'));
    expect(seen.accounts?.every(([, count]) => count === 2)).toBe(true);
  },
  soaking ? 3_600_000 : 300_000,
);

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
