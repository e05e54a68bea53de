import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A lock held until `release` or until the process ends, however it ends. */
export interface FolderLock {
  release(): void;
}

/** Somebody else holds the folder. */
export class FolderLockedError extends Error {
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(`${folder} is locked by process ${pid}`);
    this.name = 'FolderLockedError';
  }
}

interface Claim {
  id: string;
  pid: number;
  port: number;
}

type State = 'claiming' | 'holding';
type Answer = State | 'dead';

const silentAfterMs = 2_000;

/**
 * Takes the exclusive lock on a folder (its claims live in `<folder>/lock/`).
 *
 * Every contender listens on a loopback port and drops one claim file naming it, then asks every other claim whether
 * its process still answers with its own id. A process that is gone answers nothing, whatever killed it, and a reused
 * pid or port answers with another id: so no stale lock is ever believed, and only files of the dead are removed.
 * Ties are broken as in Lamport's bakery: of two contenders the smaller id waits until the other has decided, the
 * larger yields.
 * @throws FolderLockedError with the holder's pid
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const claims = join(folder, 'lock');
  mkdirSync(claims, { recursive: true });
  const id = randomBytes(8).toString('hex');
  let state: State = 'claiming';
  const server = await listen((reply) => reply(`${id} ${state}\n`));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the lock has no port');
  const file = join(claims, `${id}.json`);
  const release = () => {
    rmSync(file, { force: true });
    server.close();
    process.off('exit', release);
  };
  process.on('exit', release);
  try {
    publish(file, { id, pid: process.pid, port: address.port });
    await waitForOthers(claims, id, folder);
    state = 'holding';
    return { release };
  } catch (error) {
    release();
    throw error;
  }
}

// Renamed into place, so that no contender ever reads half a claim.
function publish(file: string, claim: Claim): void {
  writeFileSync(`${file}.tmp`, JSON.stringify(claim));
  renameSync(`${file}.tmp`, file);
}

async function waitForOthers(claims: string, id: string, folder: string): Promise<void> {
  for (;;) {
    let undecided = false;
    for (const name of readdirSync(claims)) {
      if (!name.endsWith('.json') || name === `${id}.json`) continue;
      const other = readClaim(join(claims, name));
      if (!other) continue;
      const answer = await ask(other);
      if (answer === 'dead') rmSync(join(claims, name), { force: true });
      else if (answer === 'holding' || other.id < id) throw new FolderLockedError(folder, other.pid);
      else undecided = true;
    }
    if (!undecided) return;
  }
}

function readClaim(file: string): Claim | undefined {
  try {
    const claim = JSON.parse(readFileSync(file, 'utf8')) as Partial<Claim>;
    if (typeof claim.id === 'string' && typeof claim.pid === 'number' && typeof claim.port === 'number') {
      return claim as Claim;
    }
    rmSync(file, { force: true });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) {
      // Claims appear complete, so an unreadable one was damaged with its machine and has no living owner.
      rmSync(file, { force: true });
      return undefined;
    }
    throw error;
  }
}

function listen(onConnection: (reply: (line: string) => void) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      onConnection((line) => socket.end(line));
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      // The lock must never be what keeps the process alive.
      server.unref();
      resolve(server);
    });
  });
}

function ask(claim: Claim): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: claim.port });
    let heard = '';
    const finish = (answer: Answer) => {
      socket.destroy();
      resolve(answer);
    };
    const judge = (): Answer => {
      const [id, state] = heard.trim().split(' ');
      if (id !== claim.id) return 'dead';
      return state === 'claiming' ? 'claiming' : 'holding';
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      heard += chunk;
      if (heard.includes('\n') || heard.length > 100) finish(judge());
    });
    socket.on('end', () => finish(judge()));
    socket.on('error', () => finish('dead'));
    // Connected but silent: a holder that is stopped or busy, unless its process no longer exists.
    socket.setTimeout(silentAfterMs, () => finish(isAlive(claim.pid) ? 'holding' : 'dead'));
  });
}

/** True when a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
