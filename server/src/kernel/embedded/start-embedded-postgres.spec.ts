import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SourceProcess, startSourceProcess } from '../../../test/support/source-process.js';
import { canReach, chooseAccount, runningAsRoot } from './account.js';
import { installedBinaries, prepareBinaries } from './binaries.js';
import { isAlive } from './folder-lock.js';
import { removeEmbeddedPostgres } from './remove-embedded-postgres.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.js';

const child = fileURLToPath(new URL('../../../test/support/embedded-child.ts', import.meta.url));
const told: string[] = [];
const log = { info: (line: string) => told.push(line), warn: (line: string) => told.push(line) };
const quick = { fsync: 'off', shared_buffers: '16MB' };

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startEmbeddedPostgres', () => {
  let base: string;
  let home: string;
  let system: string;
  const processes: SourceProcess[] = [];
  const databases: EmbeddedPostgres[] = [];

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'lianke-pg-'));
    chmodSync(base, 0o755);
    home = join(base, '数据 文件夹');
    system = join(base, 'system');
    told.length = 0;
  });
  afterEach(async () => {
    for (const process of processes.splice(0)) if (process.child.exitCode === null) await process.kill();
    for (const database of databases.splice(0)) await database.stop();
    rmSync(base, { recursive: true, force: true });
  });

  async function start(folder = home): Promise<EmbeddedPostgres> {
    const database = await startEmbeddedPostgres({ home: folder, log, settings: quick, systemFolder: system });
    databases.push(database);
    return database;
  }

  async function startElsewhere(account?: {
    uid: number;
    gid: number;
  }): Promise<{ process: SourceProcess; url: string }> {
    const process = startSourceProcess(child, [home, system], {}, account);
    processes.push(process);
    const line = await process.line(/^(ready|refused) /);
    return { process, url: line.replace('ready ', '') };
  }

  it('creates a UTF-8 cluster in a folder with Chinese and spaces, keeps data and port over a restart', async () => {
    const first = await start();
    expect(await query(first.adminUrl, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    expect(
      await query(
        first.adminUrl,
        `select datlocprovider::text as provider, datlocale from pg_database where datname = 'lianke'`,
      ),
    ).toEqual([{ provider: 'b', datlocale: 'C.UTF-8' }]);
    await query(first.adminUrl, `create table 客户 (名称 text)`);
    await query(first.adminUrl, `insert into 客户 values ('上海沃川')`);
    await first.stop();

    const second = await start();
    expect(second.port).toBe(first.port);
    expect(await query(second.adminUrl, 'select 名称 from 客户')).toEqual([{ 名称: '上海沃川' }]);
    expect(statSync(join(home, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });

  it('listens on loopback only and asks for the password', async () => {
    const database = await start();
    expect(await query(database.adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = database.adminUrl.replace(database.password, 'wrong');
    await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('is reached through a socket in its data folder, over loopback where the path of a socket would be too long', async () => {
    const over = `select inet_client_addr() is null as socket, pg_backend_pid() > 0 as up`;
    const near = await start();
    expect(await query(near.adminUrl, over)).toEqual([{ socket: true, up: true }]);
    expect(await query(near.adminUrl.replace(/\?.*/, ''), over)).toEqual([{ socket: false, up: true }]);
    const far = await start(join(home, '很深的文件夹'.repeat(8)));
    expect(await query(far.adminUrl, over)).toEqual([{ socket: false, up: true }]);
  });

  it('chooses another port when the remembered one was taken meanwhile, and names a fixed one that is', async () => {
    const first = await start();
    await first.stop();
    const thief = createServer();
    await new Promise<void>((resolve) => thief.listen(first.port, '127.0.0.1', resolve));
    const second = await start();
    expect(second.port).not.toBe(first.port);
    await second.stop();
    await expect(
      startEmbeddedPostgres({ home, port: first.port, log, settings: quick, systemFolder: system }),
    ).rejects.toThrow(String(first.port));
    await new Promise((resolve) => thief.close(resolve));
  });

  it('refuses a second start with the pid of the first and leaves its database alone', async () => {
    const first = await startElsewhere();
    await expect(start()).rejects.toThrow(`already running, pid ${first.process.child.pid}`);
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts again with its data after kill -9, stopping the orphan', async () => {
    const first = await startElsewhere();
    await query(first.url, 'create table kept as select 42 as answer');
    const orphan = Number(/^\d+/.exec(readFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8'))?.[0]);
    await first.process.kill();
    expect(isAlive(orphan)).toBe(true);
    const second = await start();
    expect(told.join()).toContain(`进程 ${orphan}`);
    expect(readFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8')).not.toMatch(
      new RegExp(`^${orphan}\n`),
    );
    expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('starts when the pid of a dead database now belongs to another process of the same account', async () => {
    const first = await start();
    await first.stop();
    const data = join(home, 'postgres', 'data');
    const owner = statSync(data);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
      stdio: 'ignore',
      cwd: '/',
      ...(runningAsRoot() ? { uid: owner.uid, gid: owner.gid } : {}),
    });
    const stale = [stranger.pid, data, Math.floor(Date.now() / 1000), first.port, '', '127.0.0.1', '', 'ready', ''];
    writeFileSync(join(data, 'postmaster.pid'), stale.join('\n'), { mode: 0o600 });
    chownSync(join(data, 'postmaster.pid'), owner.uid, owner.gid);
    const second = await start();
    expect(await query(second.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('is removed with what a killed process left running, but not while in use', async () => {
    const first = await startElsewhere();
    await expect(removeEmbeddedPostgres({ home, log, systemFolder: system })).rejects.toThrow('already running');
    await first.process.kill();
    await removeEmbeddedPostgres({ home, log, systemFolder: system });
    expect(existsSync(join(home, 'postgres'))).toBe(false);
    await expect(query(first.url, 'select 1')).rejects.toMatchObject({ code: 'ENOENT' });
    const fresh = await start();
    expect(fresh.adminUrl).not.toBe(first.url);
  });

  it('tells in one line that another major version made the folder', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(home, 'postgres', 'data', 'PG_VERSION'), '16\n');
    const refusal = await start().catch((error: Error) => error.message);
    expect(refusal).toMatch(/PostgreSQL 16.*17/);
    expect(refusal).not.toContain('\n');
  });

  it('tells in one line that the password file is lost or belongs to another database', async () => {
    const first = await start();
    await first.stop();
    const file = join(home, 'postgres', 'password');
    writeFileSync(file, 'another');
    await expect(start()).rejects.toThrow('npm run db:reset');
    rmSync(file);
    await expect(start()).rejects.toThrow('npm run db:reset');
  });

  it('tells in one line that the folder cannot be made', async () => {
    writeFileSync(join(base, 'file'), '');
    const refusal = await start(join(base, 'file', 'home')).catch((error: Error) => error);
    expect(refusal).toMatchObject({ name: 'StartupError' });
    expect((refusal as Error).message).toContain(join(base, 'file', 'home'));
  });

  it('says when the database ends on its own', async () => {
    const database = await start();
    const pid = Number(/^\d+/.exec(readFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8'))?.[0]);
    process.kill(pid, 'SIGQUIT');
    expect(await database.died).toContain('意外退出');
  });

  describe.runIf(runningAsRoot())('as root', () => {
    it('runs the database as an unprivileged account', async () => {
      await start();
      expect(statSync(join(home, 'postgres', 'data')).uid).toBe(chooseAccount().uid);
    });

    it('keeps the cluster elsewhere when home is below a 0700 folder, with a pointer to it', async () => {
      chmodSync(base, 0o700);
      mkdirSync(home);
      // The system folder has to be reachable, as /var/lib is.
      system = mkdtempSync(join(tmpdir(), 'lianke-system-'));
      chmodSync(system, 0o755);
      try {
        const first = await start();
        await query(first.adminUrl, 'create table kept as select 1 as one');
        await first.stop();
        const { folder } = JSON.parse(readFileSync(join(home, 'postgres', 'cluster.json'), 'utf8')) as {
          folder: string;
        };
        expect(folder.startsWith(system)).toBe(true);
        expect(existsSync(join(home, 'postgres', 'data'))).toBe(false);
        const second = await start();
        expect(await query(second.adminUrl, 'select one from kept')).toEqual([{ one: 1 }]);
        await second.stop();

        rmSync(home, { recursive: true });
        const fresh = await start();
        await expect(query(fresh.adminUrl, 'select one from kept')).rejects.toMatchObject({ code: '42P01' });
        await fresh.stop();
      } finally {
        rmSync(system, { recursive: true, force: true });
      }
    });

    it('copies programs that the account cannot reach, and refuses a copy that others can change', () => {
      const hidden = join(base, 'hidden');
      mkdirSync(hidden, { mode: 0o700 });
      const account = chooseAccount();
      const native = join(hidden, 'package', 'native');
      mkdirSync(join(hidden, 'package'));
      const installed = installedBinaries();
      copyFolder(installed, native);
      const copies = join(base, 'copies');
      const binaries = prepareBinaries(native, account, copies);
      expect(binaries.major).toBe(17);
      expect(binaries.postgres.startsWith(copies)).toBe(true);
      expect(prepareBinaries(native, account, copies)).toEqual(binaries);

      chmodSync(binaries.postgres, 0o777);
      expect(prepareBinaries(native, account, copies)).toEqual(binaries);
      expect(statSync(binaries.postgres).mode & 0o022).toBe(0);

      chmodSync(copies, 0o777);
      expect(() => prepareBinaries(native, account, copies)).toThrow(copies);
    });

    const source = fileURLToPath(new URL('.', import.meta.url));
    it.runIf(runningAsRoot() && canReach(source, chooseAccount()))('works for an ordinary user too', async () => {
      const account = chooseAccount();
      mkdirSync(home);
      chownSync(home, account.uid, account.gid);
      const first = await startElsewhere({ uid: account.uid, gid: account.gid });
      expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(statSync(join(home, 'postgres', 'password')).uid).toBe(account.uid);
      first.process.child.kill('SIGTERM');
      expect(await first.process.ended()).toBe(0);
    });

    it.runIf(canReach(source, chooseAccount()))('tells an ordinary user that root’s folder is not theirs', async () => {
      mkdirSync(home);
      const account = chooseAccount();
      const { url } = await startElsewhere({ uid: account.uid, gid: account.gid });
      expect(url).toContain('not writable');
    });
  });
});

function copyFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const name of ['bin', 'lib', 'share', 'pg-symlinks.json']) {
    cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  }
}
