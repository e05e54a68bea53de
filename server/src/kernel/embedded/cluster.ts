import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StartupError } from '../config/startup-error.js';
import type { Binaries } from './binaries.js';
import { type ClusterPlace, makePrivateFolder, socketFolder } from './cluster-place.js';
import { readPostmasterFile } from './postmaster-file.js';
import { lastLine, runProgram, spawnOptions } from './run-program.js';

const readyWithinMs = 60_000;
const pollEveryMs = 20;
const logLimitBytes = 16 * 1024 * 1024;

/** PostgreSQL settings for a small machine shared with the server. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  wal_level: 'replica',
  fsync: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Compiling costs more than our queries take.
  jit: 'off',
  random_page_cost: '1.1',
  // One transaction may create or drop all tables of an application.
  max_locks_per_transaction: '256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
};

/** Refuses a data folder made by another major version, which these programs cannot open. */
export function checkMajor(place: ClusterPlace, binaries: Binaries): void {
  const file = join(place.dataFolder, 'PG_VERSION');
  if (!existsSync(file)) return;
  const found = readFileSync(file, 'utf8').trim();
  if (found === String(binaries.major)) return;
  throw new StartupError(
    `数据库文件夹 ${place.dataFolder} 由 PostgreSQL ${found} 创建，自带的是 ${binaries.major}，无法打开；请换回原来的版本导出数据，或用 LIANKE_HOME 指定新的文件夹`,
    `the database folder was made by PostgreSQL ${found} and this is ${binaries.major}; go back to the earlier version and export, or set LIANKE_HOME to a new folder`,
  );
}

/** Creates the cluster when there is none; it appears complete or not at all. */
export async function createCluster(
  place: ClusterPlace,
  binaries: Binaries,
  login: { user: string; password: string },
): Promise<void> {
  if (existsSync(join(place.dataFolder, 'PG_VERSION'))) return;
  if (existsSync(place.dataFolder)) {
    throw new StartupError(
      `数据库文件夹 ${place.dataFolder} 已损坏（缺少 PG_VERSION）；请从备份恢复，或把它移走后重新启动`,
      'the database folder is damaged (no PG_VERSION); restore it from a backup, or move it away and start again',
    );
  }
  const draft = join(place.folder, 'data.initializing');
  rmSync(draft, { recursive: true, force: true });
  makePrivateFolder(draft, place.account);
  const passwordFile = join(place.folder, 'initial-password');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${login.password}\n`, { mode: 0o600, flag: 'wx' });
  if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
  try {
    const result = await runProgram(
      binaries.initdb,
      [
        ...['-D', draft, '-U', login.user, '-A', 'scram-sha-256', '--pwfile', passwordFile],
        ...['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...['--lc-collate=C', '--lc-ctype=C', '--lc-messages=C', '--lc-monetary=C', '--lc-numeric=C', '--lc-time=C'],
        '--no-instructions',
      ],
      place.account,
    );
    if (result.code !== 0) {
      throw new StartupError(
        `无法在 ${place.folder} 建立数据库（${lastLine(result)}）`,
        `cannot create the database there: ${lastLine(result)}`,
      );
    }
    renameSync(draft, place.dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** A running PostgreSQL. */
export interface RunningCluster {
  child: ChildProcess;
  /** Resolves with the exit code when it ends, whoever ended it. */
  exited: Promise<number | null>;
}

/** The port was free a moment ago and is not any more. */
export class PortTakenError extends Error {}

/**
 * Starts PostgreSQL in its own process group, so that Ctrl-C in the terminal reaches the server first.
 * Its log goes to a file: a pipe would break when this process is killed.
 * @throws PortTakenError, StartupError
 */
export async function launchCluster(
  place: ClusterPlace,
  binaries: Binaries,
  port: number,
  overrides: Record<string, string> = {},
): Promise<RunningCluster> {
  const logFile = join(place.folder, 'postgres.log');
  if (existsSync(logFile) && statSync(logFile).size > logLimitBytes) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const sockets = socketFolder(place);
  const options = Object.entries({
    ...settings,
    unix_socket_directories: sockets ? `"${sockets.replaceAll('"', '""')}"` : '',
    port: String(port),
    ...overrides,
  });
  const child = spawn(
    binaries.postgres,
    ['-D', place.dataFolder, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...spawnOptions(place.account), detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let ended = false;
  const exited = new Promise<number | null>((resolve) => {
    const end = (code: number | null) => {
      ended = true;
      resolve(code);
    };
    child.once('exit', end);
    child.once('error', () => end(null));
  });
  child.unref();
  const until = Date.now() + readyWithinMs;
  while (!ended && Date.now() < until) {
    const file = readPostmasterFile(place.dataFolder);
    if (file?.pid === child.pid && file?.status === 'ready') return { child, exited };
    await pause(pollEveryMs);
  }
  const report = readFrom(logFile, logStart);
  if (!ended) child.kill('SIGKILL');
  if (/could not bind/.test(report)) throw new PortTakenError(`port ${port} is taken`);
  const reason = report.split('\n').findLast((line) => /(FATAL|PANIC|ERROR|not permitted)/.test(line));
  throw new StartupError(
    `自带数据库没有启动成功（${reason?.replace(/^.*?\] /, '') ?? '没有原因'}），详见 ${logFile}`,
    `the embedded database did not start; see ${logFile}`,
  );
}

function readFrom(file: string, start: number): string {
  const handle = openSync(file, 'r');
  try {
    const length = Math.min(Math.max(0, fstatSync(handle).size - start), 64 * 1024);
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, start);
    return buffer.toString('utf8');
  } finally {
    closeSync(handle);
  }
}

/** Stops PostgreSQL: open transactions are rolled back, everything committed is written. Resolves when it is gone. */
export async function stopCluster(running: RunningCluster, place: ClusterPlace, binaries: Binaries): Promise<void> {
  if (running.child.exitCode !== null || running.child.signalCode !== null) return;
  // Nothing else may keep this process alive until PostgreSQL is gone.
  running.child.ref();
  if (process.platform === 'win32') {
    await runProgram(binaries.pgCtl, ['stop', '-D', place.dataFolder, '-m', 'fast', '-w'], place.account);
  } else {
    // SIGINT is PostgreSQL's "fast shutdown" (documentation, "Shutting Down the Server").
    running.child.kill('SIGINT');
  }
  await running.exited;
}

/** Makes the folder of the cluster enterable for the account, whatever the operator's umask. */
export function openFolder(folder: string): void {
  if (process.platform !== 'win32') chmodSync(folder, 0o755);
}
