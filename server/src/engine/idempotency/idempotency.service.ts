import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';

/** The parts of a `RouteCall` that matter here. */
interface Keyed {
  ctx: TenantContext;
  request: FastifyRequest;
  body: unknown;
}

const abandonedAfter = '2 minutes';

/**
 * `Idempotency-Key` on POSTs: the first request with a key does the work, later ones with the same body get its
 * answer for 30 days, one at the same time answers `request_in_progress`, another body `idempotency_key_reused`.
 * A key whose request died without an answer is free again after two minutes.
 */
@Injectable()
export class IdempotencyService {
  constructor(private readonly database: Database) {}

  async run<Answer>(call: Keyed, work: () => Promise<Answer>): Promise<Answer> {
    const key = call.request.headers['idempotency-key'];
    const actor = memberOf(call.ctx);
    if (typeof key !== 'string' || key === '' || !actor) return work();
    if (key.length > 255) throw new AppError('invalid_request', { detail: 'Idempotency-Key 最多 255 个字符' });
    const scope = [call.ctx.tenantId, actor, `${call.request.method} ${call.request.url}`, key] as const;
    const hash = createHash('sha256')
      .update(JSON.stringify(call.body ?? null))
      .digest();
    const earlier = await this.begin(call, scope, hash);
    if (earlier) return earlier.answer as Answer;
    try {
      const answer = await work();
      await this.database.withTenant(call.ctx, (tx) =>
        tx.run(`UPDATE lianke.idempotency SET status = 200, answer = $5 WHERE ${where}`, [...scope, answer as never]),
      );
      return answer;
    } catch (error) {
      await this.database.withTenant(call.ctx, (tx) =>
        tx.run(`DELETE FROM lianke.idempotency WHERE ${where}`, [...scope]),
      );
      throw error;
    }
  }

  private begin(call: Keyed, scope: readonly string[], hash: Buffer): Promise<{ answer: unknown } | undefined> {
    return this.database.withTenant(call.ctx, async (tx) => {
      const taken = await tx.run(
        `INSERT INTO lianke.idempotency (tenant_id, actor_id, route, key, body_hash) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, actor_id, route, key) DO UPDATE SET body_hash = $5, status = NULL, answer = NULL, created_at = now()
         WHERE lianke.idempotency.created_at < now() - interval '30 days'
            OR (lianke.idempotency.status IS NULL AND lianke.idempotency.created_at < now() - interval '${abandonedAfter}')`,
        [...scope, hash],
      );
      if (taken > 0) return undefined;
      const [row] = await tx.sql<{ body_hash: Buffer; status: number | null; answer: unknown }>(
        `SELECT body_hash, status, answer FROM lianke.idempotency WHERE ${where}`,
        [...scope],
      );
      if (row && !row.body_hash.equals(hash)) throw new AppError('idempotency_key_reused');
      if (!row || row.status === null) throw new AppError('request_in_progress');
      return { answer: row.answer };
    });
  }
}

const where = 'tenant_id = $1 AND actor_id = $2 AND route = $3 AND key = $4';
