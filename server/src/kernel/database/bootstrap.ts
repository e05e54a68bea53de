import { createHmac } from 'node:crypto';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { ident } from './ident.js';

export interface DatabaseUrls {
  /** Migrates and owns the shared tables; used by DDL jobs and graphile-worker. */
  ownerUrl: string;
  /** Serves requests: no superuser, no BYPASSRLS, member of every tenant's role. */
  appUrl: string;
  /** Claim loops across tenants: explicit policies on the claim tables only. */
  systemUrl: string;
  /** The serving URLs lead through a transaction pooler: nothing may be left on a connection. */
  pooled?: boolean;
}

const loginRoles = ['lianke_owner', 'lianke_app', 'lianke_system'] as const;
type LoginRole = (typeof loginRoles)[number];

/** Password of a role on this installation: HMAC-SHA256 of the role's name under the installation's key. */
export function rolePassword(secretKey: string, role: string): string {
  return createHmac('sha256', secretKey).update(`lianke:postgres:${role}`).digest('base64url');
}

/** `base` with another user and password. */
export function withRole(base: string, role: string, password: string): string {
  const url = new URL(base);
  url.username = role;
  url.password = password;
  return url.toString();
}

/** A start-up refusal that is shown as one line. */
export class DatabaseRefused extends Error {}

/**
 * Brings a database to the current schema: roles, grants, migrations. Safe to run by several processes at once (one
 * advisory lock) and again at every start.
 *
 * `adminUrl` names an account that may create roles (the embedded superuser, or the one in DATABASE_URL). The serving
 * roles' passwords derive from `secretKey`, so the admin account itself never serves.
 */
export async function bootstrapDatabase(options: { adminUrl: string; secretKey: string }): Promise<DatabaseUrls> {
  const admin = new pg.Client({ connectionString: options.adminUrl });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock(727274)');
    await refuseUnsuitable(admin);
    await createRoles(admin, options.secretKey);
    await grantDatabase(admin);
  } finally {
    await admin.query('SELECT pg_advisory_unlock(727274)').catch(() => undefined);
    await admin.end();
  }
  const url = (role: LoginRole) => withRole(options.adminUrl, role, rolePassword(options.secretKey, role));
  const urls = { ownerUrl: url('lianke_owner'), appUrl: url('lianke_app'), systemUrl: url('lianke_system') };
  await migrate(urls.ownerUrl);
  return urls;
}

async function refuseUnsuitable(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ version: number; encoding: string; can: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, pg_encoding_to_char(encoding) AS encoding,
       (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS can
     FROM pg_database WHERE datname = current_database()`,
  );
  const row = rows[0];
  if (!row) return;
  if (row.version < 150_000)
    throw new DatabaseRefused(`PostgreSQL 15 or newer is needed, this one is ${Math.floor(row.version / 10_000)}`);
  if (row.encoding !== 'UTF8') throw new DatabaseRefused(`the database's encoding must be UTF8, it is ${row.encoding}`);
  if (!row.can)
    throw new DatabaseRefused('the account in DATABASE_URL needs CREATEROLE: Lianke makes its serving roles with it');
}

async function createRoles(admin: pg.Client, secretKey: string): Promise<void> {
  await admin.query(
    `DO $$ BEGIN CREATE ROLE lianke_tenant NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  );
  for (const role of loginRoles) {
    const extra = role === 'lianke_owner' ? 'CREATEROLE INHERIT' : 'NOCREATEROLE NOINHERIT';
    await admin.query(
      `DO $$ BEGIN CREATE ROLE ${ident(role)} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    await retryConcurrent(() =>
      admin.query(
        `ALTER ROLE ${ident(role)} LOGIN NOCREATEDB ${extra} PASSWORD ${admin.escapeLiteral(rolePassword(secretKey, role))}`,
      ),
    );
  }
  const { rows } = await admin.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles WHERE rolname = ANY($1) AND (rolsuper OR rolbypassrls)`,
    [['lianke_app', 'lianke_system', 'lianke_tenant']],
  );
  if (rows[0])
    throw new DatabaseRefused(
      `role ${rows[0].rolname} must have neither SUPERUSER nor BYPASSRLS: row security would not hold`,
    );
  await retryConcurrent(() => admin.query('GRANT lianke_tenant TO lianke_owner WITH ADMIN OPTION'));
}

async function grantDatabase(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name');
  const database = `"${(rows[0]?.name ?? '').replaceAll('"', '""')}"`;
  await retryConcurrent(() =>
    admin.query(`
      GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${database} TO lianke_owner;
      GRANT CONNECT ON DATABASE ${database} TO lianke_app, lianke_system;
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;`),
  );
}

/** Roles live in the whole cluster: another database's bootstrap may touch the same row at this moment. */
async function retryConcurrent<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= 20 || !/concurrently updated|deadlock detected/.test(String(error))) throw error;
    }
  }
}

async function migrate(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('SELECT pg_advisory_lock(727275)');
    await owner.query(`
      CREATE SCHEMA IF NOT EXISTS lianke;
      CREATE TABLE IF NOT EXISTS lianke.migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
      GRANT USAGE ON SCHEMA lianke TO lianke_tenant, lianke_app, lianke_system;`);
    const { rows } = await owner.query<{ name: string }>('SELECT name FROM lianke.migration');
    const done = new Set(rows.map((row) => row.name));
    for (const migration of migrations) {
      if (done.has(migration.name)) continue;
      await owner.query('BEGIN');
      await owner.query(stripComments(migration.sql));
      await owner.query('INSERT INTO lianke.migration (name) VALUES ($1)', [migration.name]);
      await owner.query('COMMIT');
    }
  } finally {
    await owner.end();
  }
}

/** Migrations may explain columns in C-style comments; PostgreSQL accepts them, they only make logs long. */
function stripComments(sql: string): string {
  return sql.replace(/\/\*\*?[\s\S]*?\*\//g, '');
}
