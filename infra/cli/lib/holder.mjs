import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from './say.mjs';

const drainsWithinMs = 25_000;

/** The process that holds a home's database, judged by who still answers for its lock's claims; else undefined. */
export async function holderOf(home) {
  const folder = join(home, 'postgres', 'lock');
  for (const name of namesIn(folder)) {
    const claim = read(join(folder, name));
    if (claim && (await answers(claim.port))) return claim.pid;
  }
  return undefined;
}

/** Remembers that this process looks after the home's server. */
export function recordSupervisor(home) {
  writeFileSync(join(home, 'supervisor.json'), JSON.stringify({ pid: process.pid }));
}

/**
 * After `npm start` was killed its server notices and drains; a start in that moment waits for it instead of refusing.
 * Does nothing while the process that looks after the holder lives.
 */
export async function outlastPredecessor(home) {
  const supervisor = read(join(home, 'supervisor.json'));
  if (!supervisor || isAlive(supervisor.pid)) return;
  const until = performance.now() + drainsWithinMs;
  let told = false;
  while (performance.now() < until && (await holderOf(home)) !== undefined) {
    if (!told) say('正在等待上次的进程结束… / waiting for the last run to end');
    told = true;
    await pause(100);
  }
}

function namesIn(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function answers(port) {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (answer) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
