import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ThinTarget } from './insert.js';

/** Starts the thin server in a process of its own; it ends with this one. */
export async function startThin(target: ThinTarget): Promise<{ origin: URL; stop(): void }> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), {
    env: { ...process.env, THIN_TARGET: JSON.stringify(target) },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (!child.stdout) throw new Error('the thin server has no output');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { origin: new URL(`http://127.0.0.1:${line.toString().trim()}`), stop: () => child.disconnect() };
}
