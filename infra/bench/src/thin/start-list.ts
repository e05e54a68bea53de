import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts the thin list server in a process of its own, on these statements; `stop` ends it. */
export async function startList(statements: readonly string[]): Promise<{ origin: URL; stop(): Promise<void> }> {
  const child = fork(fileURLToPath(new URL('list-server.ts', import.meta.url)), {
    env: { ...process.env, THIN_STATEMENTS: JSON.stringify(statements) },
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    origin: new URL(`http://127.0.0.1:${port}`),
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
