import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { at, root } from './paths.mjs';

const logLimitBytes = 20 * 1024 * 1024;
const tether = pathToFileURL(at('infra/cli/lib/tether.mjs')).href;

/**
 * Starts one of our Node processes. Structured log lines go to a file, what is meant for people to `onLine`.
 * It runs in a process group of its own, so that Ctrl-C reaches this process alone, which then stops the others in order.
 */
export function startChild({
  name,
  script,
  args = [],
  env,
  cwd = root,
  logFolder,
  onLine = () => undefined,
  nodeArgs = [],
}) {
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, `${name}.log`);
  if (existsSync(logFile) && statSync(logFile).size > logLimitBytes) renameSync(logFile, `${logFile}.1`);
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(process.execPath, ['--import', tether, ...nodeArgs, script, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (line.startsWith('{')) return;
      lines.push(line);
      onLine(line);
    });
  }
  let ended = false;
  const exited = new Promise((done) => {
    child.once('close', (code, signal) => {
      ended = true;
      log.end();
      done({ code, signal });
    });
    child.once('error', (error) => {
      ended = true;
      lines.push(error.message);
      done({ code: null, signal: null });
    });
  });
  return {
    name,
    child,
    logFile,
    lines,
    exited,
    get ended() {
      return ended;
    },
    /** Asks it to stop and waits until it has. */
    async stop() {
      if (!ended && child.connected) child.send('stop', () => undefined);
      else if (!ended) child.kill('SIGTERM');
      await exited;
    },
  };
}
