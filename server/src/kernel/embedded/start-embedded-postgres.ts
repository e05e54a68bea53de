import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../config/startup-error.js';
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
import {
  type ClusterPlace,
  choosePlace,
  readPointer,
  socketFolder,
  systemFolder,
  writePointer,
} from './cluster-place.js';
import { type FolderLock } from './folder-lock.js';
import { lockOrRefuse, prepareHome, readPassword, superuser } from './home-folder.js';
import { settleOrphan } from './orphan.js';

const host = '127.0.0.1';
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
  /**
   * `postgres://superuser:password@host:port/lianke`, with `?host=` and the folder of its socket where it has one; for
   * bootstrapping only, never for serving.
   */
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
  const locks: FolderLock[] = [await lockOrRefuse(homeFolder)];
  const releaseAll = () => {
    for (const each of locks.splice(0)) each.release();
  };
  try {
    const system = options.systemFolder ?? systemFolder;
    const place = choosePlace(homeFolder, options.log.warn.bind(options.log), system);
    // A copied home points at the same cluster, so the cluster's folder has a lock of its own.
    if (place.folder !== homeFolder) locks.push(await lockOrRefuse(place.folder));
    openFolder(place.folder);
    const copies = runningAsRoot() ? join(system, 'bin') : join(homeFolder, 'bin');
    const binaries = prepareBinaries(installedBinaries(), place.account, copies);
    checkMajor(place, binaries);
    const login = { user: superuser, password: readPassword(homeFolder, place.dataFolder) };
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
  const sockets = socketFolder(place);
  const through = sockets ? `?host=${encodeURIComponent(sockets)}` : '';
  return {
    host,
    port,
    superuser,
    password: login.password,
    adminUrl: `postgres://${superuser}:${login.password}@${host}:${port}/${databaseName}${through}`,
    died,
    stop,
  };
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
