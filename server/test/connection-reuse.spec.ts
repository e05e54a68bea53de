import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ident, tenantName } from '../src/kernel/database/ident.js';
import type { Tx } from '../src/kernel/database/tx.js';
import { createTestEngine, type TestEngine } from './support/engine.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, soaking, timeLeft } from './support/soak.js';

const tenantCount = soaking ? 200 : 20;
const transactions = soaking ? 100_000 : 3_000;
const atOnce = 50;

let engine: TestEngine;
let admin: pg.Pool;
const tenants: string[] = [];

beforeAll(async () => {
  engine = await createTestEngine();
  admin = new pg.Pool({ connectionString: inject('adminUrl'), max: 4 });
  await engine.kernel.database.asOwner(async (client) => {
    for (let at = 0; at < tenantCount; at++) {
      const id = randomUUID();
      const role = ident(tenantName(id));
      await client.query(`CREATE ROLE ${role}`);
      await client.query(`GRANT lianke_tenant TO ${role}`);
      await client.query(`GRANT ${role} TO lianke_app`);
      tenants.push(id);
    }
  });
}, 120_000);
afterAll(async () => {
  await admin.end();
  await engine.close();
});

interface Seen {
  tenant: string;
  role: string;
  path: string;
}

const look = `SELECT current_setting('app.tenant') AS tenant, current_user AS role, current_setting('search_path') AS path`;
const fault = '1/0';

/** Ends a statement or a session as an administrator of the database does; until it was running. */
async function outside(deed: 'pg_cancel_backend' | 'pg_terminate_backend', pid: number | undefined): Promise<void> {
  const active = deed === 'pg_cancel_backend' ? ` AND query LIKE '%pg_sleep%' AND state = 'active'` : '';
  for (;;) {
    const { rowCount } = await admin.query(`SELECT ${deed}(pid) FROM pg_stat_activity WHERE pid = $1${active}`, [pid]);
    if (rowCount) return;
  }
}

/** Ways a transaction can end. Each answers what it saw of where it was, or throws. */
const endings: Record<string, (tx: Tx, later: (straggler: Promise<unknown>) => void) => Promise<Seen | undefined>> = {
  commits: async (tx) => (await tx.sql<Seen>(look))[0],
  'commits with its last statement': async (tx) => (await tx.sql<Seen>(look, [], { last: true }))[0],
  'comes back from a savepoint': async (tx) => {
    await tx.savepoint(() => tx.sql(`SELECT ${fault}`)).catch(() => undefined);
    return (await tx.sql<Seen>(look))[0];
  },
  'changes its search path': async (tx) => {
    await tx.sql('SET LOCAL search_path = pg_temp');
    const [seen] = await tx.sql<Seen>(look);
    return seen && { ...seen, path: 'set' };
  },
  'fails in SQL': async (tx) => {
    await tx.sql(`SELECT ${fault}`);
    return undefined;
  },
  'fails in its own code': async (tx) => {
    await tx.sql(look);
    throw new Error('own');
  },
  'runs out of time': async (tx) => {
    await tx.sql(`SET LOCAL statement_timeout = '1ms'`);
    await tx.sql('SELECT pg_sleep(1)');
    return undefined;
  },
  'is cancelled from outside': async (tx) => {
    const [own] = await tx.sql<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const sleep = tx.sql('SELECT pg_sleep(60)');
    await Promise.all([sleep, outside('pg_cancel_backend', own?.pid)]);
    return undefined;
  },
  'loses its connection': async (tx) => {
    const [own] = await tx.sql<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await outside('pg_terminate_backend', own?.pid);
    await tx.sql(look);
    return undefined;
  },
  'fails with work still going on beside it': async (tx, later) => {
    const straggler = (async () => {
      for (let at = 0; at < 5; at++) {
        await new Promise((resume) => setImmediate(resume));
        await tx.sql(look).catch(() => undefined);
        await tx.savepoint(() => tx.sql(`SELECT ${fault}`)).catch(() => undefined);
      }
    })();
    later(straggler);
    await tx.sql(`SELECT ${fault}`);
    return undefined;
  },
};
const names = Object.keys(endings);

it('a connection takes nothing of one company’s transaction into the next, however it ended', async () => {
  const seed = newSeed('connection-reuse');
  const random = seeded(seed);
  const stragglers = new Set<Promise<unknown>>();
  const counts = new Map<string, number>();
  const strange: unknown[] = [];
  const { database } = engine.kernel;
  const usual = (await database.asOwner((client) => client.query('SHOW search_path'))).rows[0]?.search_path;
  let done = 0;

  async function one(): Promise<void> {
    const tenantId = tenants[Math.floor(random() * tenants.length)] as string;
    const name = names[Math.floor(random() * names.length)] as string;
    const meant = ['fails', 'runs out', 'is cancelled', 'loses'].some((start) => name.startsWith(start));
    const later = (straggler: Promise<unknown>) => {
      stragglers.add(straggler);
      void straggler.finally(() => stragglers.delete(straggler));
    };
    const run = endings[name] as (typeof endings)[string];
    try {
      const seen = await database.withTenant({ tenantId }, (tx) => run(tx, later));
      const path = name.includes('search path') ? 'set' : usual;
      const right = { tenant: tenantId, role: tenantName(tenantId), path };
      if (meant || JSON.stringify(seen) !== JSON.stringify(right)) strange.push({ name, seen, right });
    } catch (error) {
      if (!meant || (error as { code?: string }).code === '25P02') strange.push({ name, error: String(error) });
    }
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (done < transactions && strange.length === 0 && timeLeft()) {
        done++;
        await one();
      }
    }),
  );
  await Promise.all(stragglers);
  expect(strange).toEqual([]);
  expect([...counts.keys()].sort()).toEqual([...names].sort());
  noteFacts('connection-reuse', { tenants: tenantCount, connections: 8, transactions: done, endings: counts.size });
}, 3_600_000);
