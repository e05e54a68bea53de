import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { bootstrapDatabase } from '../../src/kernel/database/bootstrap.js';
import { testSecretKey } from './kernel-parts.js';

export { testSecretKey };

/** A fresh database of one spec file; every url connects to it under another role. */
export interface TestDatabase {
  name: string;
  adminUrl: string;
  ownerUrl: string;
  appUrl: string;
  systemUrl: string;
  /** Ends open connections and removes it. */
  drop(): Promise<void>;
}

type Urls = Pick<TestDatabase, 'adminUrl' | 'ownerUrl' | 'appUrl' | 'systemUrl'>;

const templateLock = 7_261_155;

/** A migrated, otherwise empty database: a clone of a template that the first caller of the run migrates. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return withAdmin(async (admin) => {
    const template = await migratedTemplate(admin);
    const name = newName();
    await admin.query(`create database ${name} template ${template.name}`);
    await copyGrants(admin, template.name, name);
    const urls = Object.fromEntries(
      Object.entries(template.urls).map(([role, url]) => [role, onDatabase(url, name)]),
    ) as unknown as Urls;
    return { name, ...urls, drop: () => dropDatabase(name) };
  });
}

/** A database with nothing in it, for tests of what creates its own tables; every url is the administrator's. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return withAdmin(async (admin) => {
    const name = newName();
    await admin.query(`create database ${name} template template0 encoding 'UTF8'`);
    const url = onDatabase(inject('adminUrl'), name);
    return { name, adminUrl: url, ownerUrl: url, appUrl: url, systemUrl: url, drop: () => dropDatabase(name) };
  });
}

function newName(): string {
  return `${inject('databasePrefix')}${randomBytes(5).toString('hex')}`;
}

/** The same connection, to another database of the same server. */
export function onDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function withAdmin<Result>(work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

async function dropDatabase(name: string): Promise<void> {
  await withAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
}

/** PostgreSQL clones everything of a template but the grants on the database itself. */
async function copyGrants(admin: pg.Client, from: string, to: string): Promise<void> {
  const { rows } = await admin.query<{ grantee: string; privilege: string }>(
    `select coalesce(grantee.rolname, 'public') as grantee, acl.privilege_type as privilege
     from pg_database, aclexplode(datacl) as acl left join pg_roles as grantee on grantee.oid = acl.grantee
     where datname = $1`,
    [from],
  );
  if (rows.length === 0) return;
  await admin.query(`revoke all on database ${to} from public`);
  for (const { grantee, privilege } of rows) {
    const role = grantee === 'public' ? 'public' : admin.escapeIdentifier(grantee);
    await admin.query(`grant ${privilege} on database ${to} to ${role}`);
  }
}

async function migratedTemplate(admin: pg.Client): Promise<{ name: string; urls: Urls }> {
  const name = `${inject('databasePrefix')}template`;
  // Test files run in several processes; the first one migrates, the others wait and read the comment.
  await admin.query('select pg_advisory_lock($1)', [templateLock]);
  try {
    const found = await admin.query<{ urls: string | null }>(
      `select shobj_description(oid, 'pg_database') as urls from pg_database where datname = $1`,
      [name],
    );
    const known = found.rows[0]?.urls;
    if (known) return { name, urls: JSON.parse(known) as Urls };
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name} template template0 encoding 'UTF8'`);
    const adminUrl = onDatabase(inject('adminUrl'), name);
    const urls: Urls = { adminUrl, ...(await bootstrapDatabase({ adminUrl, secretKey: testSecretKey })) };
    await admin.query(`comment on database ${name} is ${admin.escapeLiteral(JSON.stringify(urls))}`);
    return { name, urls };
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [templateLock]);
  }
}
