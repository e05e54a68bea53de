import { rmSync } from 'node:fs';
import { uptime } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../config/startup-error.js';
import type { Binaries } from './binaries.js';
import type { ClusterPlace } from './cluster-place.js';
import { isAlive } from './folder-lock.js';
import { type PostmasterFile, readPostmasterFile } from './postmaster-file.js';
import { lastLine, runProgram } from './run-program.js';

const patienceMs = 60_000;
const retryEveryMs = 100;

interface Login {
  user: string;
  password: string;
}

/**
 * Ends a PostgreSQL that a killed process left behind on this data folder, and clears a `postmaster.pid` whose pid now
 * belongs to something else. Call it only while holding the lock on the home: then nobody uses that PostgreSQL.
 *
 * A pid proves nothing (pids are reused), so a process is stopped only after the server behind the recorded port has
 * accepted our password and named our data folder.
 * @throws StartupError when a live process may still be using the folder and cannot be told apart
 */
export async function settleOrphan(
  place: ClusterPlace,
  binaries: Binaries,
  login: Login,
  info: (line: string) => void,
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const file = readPostmasterFile(place.dataFolder);
    // PostgreSQL itself copes with a file whose process is gone.
    if (!file || !isAlive(file.pid)) return;
    const verdict = startedBeforeBoot(file) ? 'foreign' : await whoAnswers(file, place.dataFolder, login);
    if (verdict === 'ours') {
      info(`正在停止上次异常退出后留下的数据库（进程 ${file.pid}） / stopping the database left by a killed process`);
      const result = await runProgram(
        binaries.pgCtl,
        ['stop', '-D', place.dataFolder, '-m', 'fast', '-w', '-t', String(patienceMs / 1000)],
        place.account,
      );
      if (result.code !== 0 && isAlive(file.pid)) throw cannotTell(file, place, lastLine(result));
      return;
    }
    // A postmaster that says it is ready listens; one that starts or stops may not, and gets time.
    const mayBeBusy = verdict === 'busy' || (verdict === 'nobody' && !['ready', 'standby'].includes(file.status));
    if (!mayBeBusy) {
      rmSync(join(place.dataFolder, 'postmaster.pid'), { force: true });
      return;
    }
    if (Date.now() > until) throw cannotTell(file, place, file.status);
    await pause(retryEveryMs);
  }
}

// Two seconds of slack: the file rounds down, and so may the uptime.
function startedBeforeBoot(file: PostmasterFile): boolean {
  return file.startedAt + 2 < Date.now() / 1000 - uptime();
}

function cannotTell(file: PostmasterFile, place: ClusterPlace, detail: string): StartupError {
  return new StartupError(
    `进程 ${file.pid} 可能仍在使用数据库（${detail}）；请稍后再启动，或确认该进程与联客无关后删除 ${join(place.dataFolder, 'postmaster.pid')}`,
    `process ${file.pid} may still be using the database; wait, or delete that file once you are sure it is unrelated`,
  );
}

type Verdict = 'ours' | 'foreign' | 'busy' | 'nobody';

async function whoAnswers(file: PostmasterFile, dataFolder: string, login: Login): Promise<Verdict> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: file.port,
    database: 'postgres',
    ...login,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
    return samePath(answer.rows[0]?.folder ?? '', dataFolder) ? 'ours' : 'foreign';
  } catch (error) {
    const { code } = error as { code?: string };
    // 57P03 cannot_connect_now: starting up, shutting down or recovering. 53300: all its connections are taken.
    if (code === '57P03' || code === '53300' || code === '57P01') return 'busy';
    if (code === 'ECONNREFUSED') return 'nobody';
    // Any other answer is not from a cluster that knows our password.
    return code === 'ECONNRESET' || code === undefined ? 'busy' : 'foreign';
  } finally {
    await client.end().catch(() => undefined);
  }
}

function samePath(a: string, b: string): boolean {
  const normal = (path: string) => (process.platform === 'win32' ? resolve(path).toLowerCase() : resolve(path));
  return normal(a) === normal(b);
}
