import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/kernel/embedded/start-embedded-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser connection to the PostgreSQL of this test run. */
    adminUrl: string;
    /** Prefix of every database this run creates. */
    databasePrefix: string;
  }
}

let cleanUp: (() => Promise<void>) | undefined;

const slots = 16;
const abandonedAfterSeconds = 2 * 60 * 60;
const log = { info: () => undefined, warn: (line: string) => console.warn(line) };

// A test database that is lost with its machine is no loss, so nothing waits for the disk.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '200',
};

/** Gives the test run one PostgreSQL: the one of DATABASE_URL if set, else an embedded one in a temporary folder. */
export async function setup(project: TestProject): Promise<void> {
  const embedded = process.env.DATABASE_URL ? undefined : await startOwn();
  const adminUrl = embedded?.database.adminUrl ?? process.env.DATABASE_URL ?? '';
  const prefix = `lianke_test_${Math.floor(Date.now() / 1000).toString(36)}_${process.pid}_`;
  if (!embedded) await dropDatabases(adminUrl, isAbandoned);
  project.provide('adminUrl', adminUrl);
  project.provide('databasePrefix', prefix);
  cleanUp = async () => {
    if (embedded) {
      await embedded.database.stop();
      rmSync(embedded.folder, { recursive: true, force: true });
    } else {
      await dropDatabases(adminUrl, (name) => name.startsWith(prefix));
    }
  };
}

/** Removes what the run created. */
export async function teardown(): Promise<void> {
  await cleanUp?.();
}

/** One folder per concurrent run of this user; what a killed run left in a free one is cleared first. */
async function startOwn(): Promise<{ database: EmbeddedPostgres; folder: string }> {
  const key = createHash('sha256')
    .update(`${userInfo().uid} ${import.meta.url}`)
    .digest('hex')
    .slice(0, 10);
  for (let slot = 1; slot <= slots; slot += 1) {
    const folder = join(tmpdir(), `lianke-test-${key}-${slot}`);
    if (existsSync(folder)) {
      if (lstatSync(folder).uid !== userInfo().uid && process.platform !== 'win32') continue;
      if (!(await clearLeftover(folder))) continue;
    }
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    const database = await startEmbeddedPostgres({ home: folder, log, settings });
    return { database, folder };
  }
  throw new Error(`${slots} test runs are going on already`);
}

/** False when another run is using the folder. */
async function clearLeftover(folder: string): Promise<boolean> {
  try {
    await (await startEmbeddedPostgres({ home: folder, log, settings })).stop();
  } catch (error) {
    if (/already running/.test((error as Error).message)) return false;
  }
  rmSync(folder, { recursive: true, force: true });
  return true;
}

function isAbandoned(name: string): boolean {
  const started = Number.parseInt(/^lianke_test_([0-9a-z]+)_/.exec(name)?.[1] ?? '', 36);
  return started > 0 && started < Date.now() / 1000 - abandonedAfterSeconds;
}

async function dropDatabases(adminUrl: string, wanted: (name: string) => boolean): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select datname as name from pg_database where datname like 'lianke\\_test\\_%'`,
    );
    for (const { name } of rows.filter((row) => wanted(row.name))) {
      await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
    }
  } finally {
    await client.end();
  }
}
