import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { StartupError } from '../config/startup-error.js';
import { writeFileAtomically } from '../storage/write-atomically.js';
import { runningAsRoot } from './account.js';
import { type Binaries, installedBinaries, prepareBinaries } from './binaries.js';
import {
  checkMajor,
  createCluster,
  launchCluster,
  openFolder,
  PortTakenError,
  type RunningCluster,
  stopCluster,
} from './cluster.js';
import { type ClusterPlace, choosePlace, readPointer, systemFolder, writePointer } from './cluster-place.js';
import { type FolderLock, FolderLockedError, lockFolder } from './folder-lock.js';
import { settleOrphan } from './orphan.js';

const host = '127.0.0.1';
const superuser = 'lianke_superuser';
const databaseName = 'lianke';
const portAttempts = 5;

export interface EmbeddedPostgresOptions {
  /** LIANKE_HOME; created when missing. */
  home: string;
  /** A fixed port; without it a free one is chosen at the first start and kept while it stays free. */
  port?: number;
  log: { info(line: string): void; warn(line: string): void };
  /** PostgreSQL settings instead of the usual ones (tests switch fsync off). */
  settings?: Record<string, string>;
  /** Folder for what an unprivileged account cannot reach below home, when this process is root. */
  systemFolder?: string;
}

/** A running embedded PostgreSQL that belongs to this process. */
export interface EmbeddedPostgres {
  host: string;
  port: number;
  superuser: string;
  password: string;
  /** `postgres://superuser:password@host:port/lianke`; for bootstrapping only, never for serving. */
  adminUrl: string;
  /** Resolves with a reason if PostgreSQL ends although nobody called `stop`. */
  died: Promise<string>;
  /** Stops PostgreSQL and gives the home free. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with the program, for one process at a time per home.
 * @throws StartupError with one clear line: home in use (with the pid), not writable, made by another major version …
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const homeFolder = prepareHome(options.home);
  const locks: FolderLock[] = [await lock(homeFolder)];
  const releaseAll = () => {
    for (const each of locks.splice(0)) each.release();
  };
  try {
    const system = options.systemFolder ?? systemFolder;
    const place = choosePlace(homeFolder, options.log.warn.bind(options.log), system);
    // A copied home points at the same cluster, so the cluster's folder has a lock of its own.
    if (place.folder !== homeFolder) locks.push(await lock(place.folder));
    openFolder(place.folder);
    const copies = runningAsRoot() ? join(system, 'bin') : join(homeFolder, 'bin');
    const binaries = prepareBinaries(installedBinaries(), place.account, copies);
    checkMajor(place, binaries);
    const login = { user: superuser, password: readPassword(homeFolder, place) };
    await settleOrphan(place, binaries, login, options.log.info.bind(options.log));
    await createCluster(place, binaries, login);
    const remembered = readPointer(homeFolder)?.port ?? undefined;
    const { running, port } = await launchOnFreePort(place, binaries, options, remembered);
    return await own({ running, port, place, binaries, login, homeFolder, releaseAll });
  } catch (error) {
    releaseAll();
    throw error;
  }
}

interface Owned {
  running: RunningCluster;
  port: number;
  place: ClusterPlace;
  binaries: Binaries;
  login: { user: string; password: string };
  homeFolder: string;
  releaseAll: () => void;
}

async function own(owned: Owned): Promise<EmbeddedPostgres> {
  const { running, port, place, binaries, login, homeFolder, releaseAll } = owned;
  let stopping: Promise<void> | undefined;
  // An exit without stop() still asks PostgreSQL to shut down; the next start waits for it.
  const onExit = () => {
    if (process.platform !== 'win32') running.child.kill('SIGINT');
  };
  process.once('exit', onExit);
  const stop = () => {
    stopping ??= stopCluster(running, place, binaries).finally(() => {
      process.off('exit', onExit);
      releaseAll();
    });
    return stopping;
  };
  const died = new Promise<string>((tell) => {
    void running.exited.then((code) => {
      if (!stopping) tell(`自带数据库意外退出（${code ?? '被信号终止'}） / the embedded database ended unexpectedly`);
    });
  });
  try {
    writePointer(homeFolder, { folder: place.folder, port });
    await ensureDatabase(port, login);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host,
    port,
    superuser,
    password: login.password,
    adminUrl: `postgres://${superuser}:${login.password}@${host}:${port}/${databaseName}`,
    died,
    stop,
  };
}

function prepareHome(home: string): string {
  const wanted = resolve(home);
  try {
    const folder = join(wanted, 'postgres');
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (error) {
    throw new StartupError(
      `数据文件夹 ${wanted} 不能写入（${(error as NodeJS.ErrnoException).code}）；请检查权限，或用 LIANKE_HOME 指定别处`,
      `the data folder ${wanted} is not writable; check its permissions, or set LIANKE_HOME to another one`,
    );
  }
}

async function lock(folder: string): Promise<FolderLock> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderLockedError) {
      throw new StartupError(
        `联客已在运行（进程 ${error.pid}），正在使用 ${folder}；请先停止它，或用 LIANKE_HOME 指定别处`,
        `already running, pid ${error.pid}`,
      );
    }
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new StartupError(
        `数据文件夹 ${folder} 不能写入；它可能由另一个账号创建，请用那个账号启动，或用 LIANKE_HOME 指定别处`,
        `the data folder ${folder} is not writable; it may belong to another account`,
      );
    }
    throw error;
  }
}

function readPassword(homeFolder: string, place: ClusterPlace): string {
  const file = join(homeFolder, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (existsSync(join(place.dataFolder, 'PG_VERSION'))) {
    throw new StartupError(
      `数据库的密码文件 ${file} 不见了；请从备份恢复它，或运行 npm run db:reset 清空数据重新开始`,
      `the database password file ${file} is missing; restore it, or run npm run db:reset to start afresh`,
    );
  }
  const password = randomBytes(24).toString('hex');
  writeFileAtomically(file, `${password}\n`, 0o600);
  return password;
}

async function launchOnFreePort(
  place: ClusterPlace,
  binaries: Binaries,
  options: EmbeddedPostgresOptions,
  remembered: number | undefined,
): Promise<{ running: RunningCluster; port: number }> {
  let wanted = options.port ?? remembered ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wanted);
    if (port !== undefined) {
      try {
        return { running: await launchCluster(place, binaries, port, options.settings), port };
      } catch (error) {
        if (!(error instanceof PortTakenError) || attempt === portAttempts) throw error;
      }
    }
    if (options.port !== undefined) {
      throw new StartupError(
        `自带数据库要用的端口 ${options.port} 已被占用`,
        `port ${options.port}, wanted for the embedded database, is taken`,
      );
    }
    wanted = 0;
  }
}

/** The port itself if it is free (0: any free one), else undefined. */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

async function ensureDatabase(port: number, login: { user: string; password: string }): Promise<void> {
  const client = new pg.Client({ host, port, database: 'postgres', ...login, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new StartupError(
        '自带数据库的密码文件与数据库不一致；请从备份恢复，或运行 npm run db:reset 清空数据重新开始',
        'the password file does not belong to the embedded database; restore it, or run npm run db:reset',
      );
    }
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
