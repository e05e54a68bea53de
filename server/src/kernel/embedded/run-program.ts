import { spawn, spawnSync } from 'node:child_process';
import { parse } from 'node:path';
import type { Account } from './account.js';

export interface ProgramResult {
  /** Exit code; null when a signal ended it or it could not be started. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Why the program could not be started at all. */
  spawnError?: NodeJS.ErrnoException;
}

const passedOn = ['PATH', 'LD_PRELOAD', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'COMSPEC'];

/**
 * Environment of PostgreSQL programs: nothing of ours but the few names above, so that neither the server's secrets
 * nor stray PG* variables of the operator reach them; messages in English, because we read them.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Options every PostgreSQL program is started with; the working folder is the root, which any account can enter. */
export function spawnOptions(account: Account | undefined) {
  return {
    cwd: parse(process.cwd()).root,
    env: programEnvironment(),
    windowsHide: true,
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  };
}

/** Runs a program to its end without a shell and never throws. */
export function runProgram(file: string, args: string[], account: Account | undefined): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...spawnOptions(account), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', (spawnError: NodeJS.ErrnoException) => resolve({ code: null, stdout, stderr, spawnError }));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Like {@link runProgram}, but blocking; for the short probes before anything else runs. */
export function runProgramSync(file: string, args: string[], account: Account | undefined): ProgramResult {
  const result = spawnSync(file, args, { ...spawnOptions(account), encoding: 'utf8' });
  return {
    code: result.status,
    stdout: result.stdout ?? '',
    stderr: result.stderr ?? '',
    ...(result.error ? { spawnError: result.error as NodeJS.ErrnoException } : {}),
  };
}

/** The last telling line of a program's output, for a one-line message. */
export function lastLine(result: ProgramResult): string {
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.findLast((line) => /(FATAL|PANIC|error|cannot|not permitted)/i.test(line));
  return result.spawnError?.message ?? fatal ?? lines.at(-1) ?? `exit code ${result.code}`;
}
