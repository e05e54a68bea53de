import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const loader = pathToFileURL(fileURLToPath(new URL('../../../infra/cli/lib/typescript.mjs', import.meta.url))).href;

const startBundle = fileURLToPath(new URL('start-bundle.cjs', import.meta.url));

/** A real operating-system process running one of our TypeScript files, for tests that kill it. */
export interface SourceProcess {
  child: ChildProcess;
  /** Resolves with the first line of its output that matches, earlier ones included; rejects if it ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Everything it has printed so far, both streams. */
  output(): string;
  /** Writes a line to its input. */
  say(text: string): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves with the exit code when it ends by itself. */
  ended(): Promise<number | null>;
}

/**
 * Starts `node <file>` with the given arguments and additional environment, as `account` when given: a source, or what
 * `bundled` made of one.
 */
export function startSourceProcess(
  file: string,
  args: string[],
  env: Record<string, string> = {},
  account?: { uid: number; gid: number },
): SourceProcess {
  // Bundles are loaded at once: a larger nursery saves most of the collections while they load.
  const flags = file.endsWith('.ts') ? ['--import', loader] : ['--max-semi-space-size=64', startBundle];
  const child = spawn(process.execPath, [...flags, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...account,
  });
  // It may be gone before it has read what it was told.
  child.stdin.on('error', () => undefined);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const take = (text: string) => {
    lines.push(text);
    for (const check of [...waiting]) check();
  };
  createInterface({ input: child.stdout }).on('line', take);
  createInterface({ input: child.stderr }).on('line', take);
  const closed = once(child, 'close');
  return {
    child,
    output: () => lines.join('\n'),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = lines.find((candidate) => pattern.test(candidate));
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
        void closed.then(() => {
          check();
          reject(new Error(`the process ended before printing ${pattern}:\n${lines.join('\n')}`));
        });
      }),
    say: (text) => {
      child.stdin.write(`${text}\n`);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    ended: async () => {
      await closed;
      return child.exitCode;
    },
  };
}
