import { HttpConnection } from './http-connection.js';

export interface Load {
  origin: URL;
  headers: Record<string, string>;
  /** Path and body of the next request, and how many rows it carries. */
  next(): { path: string; body: string; rows: number };
}

/**
 * Rows a second of several loads with so many callers each, measured in turns, so that what else the machine does
 * falls on all alike. @param turns of so many seconds each, after a warm-up turn
 */
export async function throughput(
  loads: readonly Load[],
  callers: number,
  seconds: number,
  turns: number,
): Promise<number[]> {
  const done = loads.map(() => ({ rows: 0, seconds: 0 }));
  const connections = loads.map((load) => Array.from({ length: callers }, () => new HttpConnection(load.origin)));
  for (let turn = 0; turn <= turns; turn++) {
    for (const [index, load] of loads.entries()) {
      const start = performance.now();
      const rows = await once(load, connections[index] ?? [], start + seconds * 1000);
      const sum = done[index];
      if (turn === 0 || !sum) continue;
      sum.rows += rows;
      sum.seconds += (performance.now() - start) / 1000;
    }
  }
  for (const list of connections) for (const connection of list) connection.close();
  return done.map((sum) => sum.rows / sum.seconds);
}

async function once(load: Load, connections: readonly HttpConnection[], end: number): Promise<number> {
  let count = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) {
        const { path, body, rows } = load.next();
        const answer = await connection.post(path, body, load.headers);
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body.toString('utf8')}`);
        count += rows;
      }
    }),
  );
  return count;
}
