import { writeSync } from 'node:fs';
import { PgTx } from '../../src/kernel/database/pg-tx.js';
import type { OutboundHttp } from '../../src/kernel/outbound/outbound-http.js';

/** Statements that may leave something behind; whether they did is told by their rows or counts. */
const writes = /\b(INSERT|UPDATE|DELETE)\b/i;

/**
 * Sends this process a signal at its `fatal`-th point. Points lie before and after every commit that leaves something
 * behind, and before and after every request to another system. 0: never.
 */
export function signalAtPoint(
  fatal: number,
  signal: 'SIGKILL' | 'SIGSTOP',
): { outbound(inner: OutboundHttp): OutboundHttp } {
  let passed = 0;
  const point = (): void => {
    passed += 1;
    if (passed !== fatal) return;
    writeSync(1, 'point\n');
    process.kill(process.pid, signal);
  };
  const wrote = new WeakSet<PgTx>();
  const { sql, run, commit } = PgTx.prototype;
  PgTx.prototype.sql = async function <Row>(this: PgTx, ...args: Parameters<PgTx['sql']>): Promise<Row[]> {
    const rows = await sql.apply(this, args);
    if (writes.test(args[0]) && rows.length > 0) wrote.add(this);
    return rows as Row[];
  };
  PgTx.prototype.run = async function (this: PgTx, ...args: Parameters<PgTx['run']>): Promise<number> {
    const count = await run.apply(this, args);
    if (count > 0) wrote.add(this);
    return count;
  };
  PgTx.prototype.commit = async function (this: PgTx): Promise<void> {
    if (wrote.has(this)) point();
    await commit.call(this);
    if (wrote.has(this)) point();
  };
  return {
    outbound: (inner) => ({
      request: async (request) => {
        point();
        const answer = await inner.request(request);
        point();
        return answer;
      },
    }),
  };
}
