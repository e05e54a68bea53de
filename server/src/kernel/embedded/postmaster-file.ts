import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `postmaster.pid` as PostgreSQL keeps it, one value a line (PostgreSQL source, `src/include/utils/pidfile.h`):
 * 1 pid, 2 data folder, 3 start time (epoch seconds), 4 port, 5 socket folder, 6 listen address, 7 shared memory,
 * 8 status (starting, stopping, ready, standby).
 */
export interface PostmasterFile {
  pid: number;
  /** Epoch seconds. */
  startedAt: number;
  port: number;
  status: string;
}

/** Reads `postmaster.pid` of a data folder; undefined when there is none. */
export function readPostmasterFile(dataFolder: string): PostmasterFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8');
  } catch (error) {
    // EBUSY and EPERM: Windows, while PostgreSQL writes it.
    if (['ENOENT', 'EBUSY', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  const lines = text.split('\n').map((line) => line.trim());
  return {
    pid: Math.abs(Number(lines[0])),
    startedAt: Number(lines[2] ?? 0),
    port: Number(lines[3] ?? 0),
    status: lines[7] ?? '',
  };
}
