import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';

/** The parts of a `RouteCall` that matter here. */
interface Keyed {
  ctx: TenantContext;
  request: Pick<FastifyRequest, 'headers' | 'method' | 'url'>;
  body: unknown;
}

/**
 * A request's key, inside the transaction of its effect: `open` before anything is done, `keep` with the answer.
 * Answer and effect are committed together, or neither is.
 */
export interface Once<Answer> {
  open(tx: Tx): Promise<void>;
  keep(tx: Tx, answer: Answer): Promise<void>;
}

/** Leaves the transaction of a request that was answered before. */
class Answered extends Error {
  constructor(readonly answer: unknown) {
    super('answered before');
  }
}

/**
 * `Idempotency-Key` on POSTs: the first request with a key does the work, later ones with the same body get its
 * answer for 30 days, one at the same time answers `request_in_progress`, another body `idempotency_key_reused`.
 * Whoever works on a key holds a lock that ends with its transaction, however that ends.
 * @param work gets the request's key to use in its transaction; undefined when it has none
 */
export async function answerOnce<Answer>(
  call: Keyed,
  work: (once: Once<Answer> | undefined) => Promise<Answer>,
): Promise<Answer> {
  const once = onceOf<Answer>(call);
  if (!once) return work(undefined);
  try {
    return await work(once);
  } catch (error) {
    if (error instanceof Answered) return error.answer as Answer;
    throw error;
  }
}

const keptFor = '30 days';
const where = 'tenant_id = $1 AND actor_id = $2 AND route = $3 AND key = $4';
const maxKeyLength = 255;

function onceOf<Answer>(call: Keyed): Once<Answer> | undefined {
  const key = call.request.headers['idempotency-key'];
  // A key's answers are its own: another key of the member may see less.
  const actor = call.ctx.key?.id ?? memberOf(call.ctx);
  if (typeof key !== 'string' || key === '' || !actor) return undefined;
  if (key.length > maxKeyLength)
    throw refusal('invalid_request', {
      zh: `Idempotency-Key 最多 ${maxKeyLength} 个字符`,
      en: `Idempotency-Key has at most ${maxKeyLength} characters`,
    });
  const scope = [call.ctx.tenantId, actor, `${call.request.method} ${call.request.url}`, key];
  const hash = createHash('sha256')
    .update(JSON.stringify(call.body ?? null))
    .digest();
  return {
    open: async (tx) => {
      // The lock first: whoever gets it sees what its holders before him committed.
      const [locked, found] = await Promise.all([
        tx.sql<{ free: boolean }>('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free', [
          JSON.stringify(scope),
        ]),
        tx.sql<{ body_hash: Buffer; answer: unknown }>(
          `SELECT body_hash, answer FROM lianke.idempotency WHERE ${where} AND status IS NOT NULL AND created_at >= clock_timestamp() - interval '${keptFor}'`,
          scope,
        ),
      ]);
      if (found[0] && !found[0].body_hash.equals(hash)) throw new AppError('idempotency_key_reused');
      if (found[0]) throw new Answered(found[0].answer);
      if (!locked[0]?.free) throw new AppError('request_in_progress');
    },
    keep: async (tx, answer) => {
      await tx.run(
        `INSERT INTO lianke.idempotency (tenant_id, actor_id, route, key, body_hash, status, answer) VALUES ($1, $2, $3, $4, $5, 200, $6)
         ON CONFLICT (tenant_id, actor_id, route, key) DO UPDATE SET body_hash = $5, status = 200, answer = $6, created_at = clock_timestamp()`,
        [...scope, hash, answer as never],
      );
    },
  };
}
