import { createHash, randomBytes } from 'node:crypto';
import type { FlowHook } from '@lianke/shared/flows/api';
import type { FlowId, RunId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { CLOCK, CONFIG, RATE_LIMITER, SECRETS } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { readInputs } from './flow-inputs.js';
import { FlowWorkers } from './flow-workers.js';
import { PublishedFlows } from './published-flows.js';
import { eventIdOf, insertRuns } from './run-starts.js';
import { inside } from './run-values.js';

const maxBody = 64 * 1024;
/** Calls of one address a minute. */
const callsAMinute = 600;

/** Addresses at which other systems start flows. */
@Injectable()
export class HooksService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly access: AccessService,
    private readonly flows: PublishedFlows,
    private readonly workers: FlowWorkers,
    @Inject(SECRETS) private readonly secrets: SecretBox,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A flow's address, made at the first look, with the newest request it got. `renew`: a new one; the old is dead. */
  async of(ctx: TenantContext, flowId: FlowId, renew = false): Promise<FlowHook> {
    await this.access.requireSomeDesign(ctx);
    const row = await this.database.withTenant(ctx, async (tx) => {
      const [flow] = await tx.sql<{ app_id: string }>('SELECT app_id FROM lianke.flow WHERE id = $1 FOR SHARE', [
        flowId,
      ]);
      if (!flow || !(await this.access.mayDesign(ctx, flow.app_id))) throw new AppError('not_found');
      const token = randomBytes(24).toString('base64url');
      await tx.run(
        `INSERT INTO lianke.flow_hook (tenant_id, flow_id, token_hash, token_sealed) VALUES ($1,$2,$3,$4)
         ON CONFLICT (tenant_id, flow_id) DO ${renew ? 'UPDATE SET token_hash = excluded.token_hash, token_sealed = excluded.token_sealed' : 'NOTHING'}`,
        [ctx.tenantId, flowId, hashOf(token), this.secrets.encrypt(token, placeOf(flowId))],
      );
      const [hook] = await tx.sql<{ token_sealed: string; last_body: Json; last_at: string | null }>(
        'SELECT token_sealed, last_body, last_at FROM lianke.flow_hook WHERE flow_id = $1',
        [flowId],
      );
      return hook;
    });
    if (!row) throw new AppError('not_found');
    const token = this.secrets.decrypt(row.token_sealed, placeOf(flowId));
    return { url: `${this.config.publicUrl}/api/v1/hooks/${token}`, lastBody: row.last_body, lastAt: row.last_at };
  }

  /**
   * A request at an address: kept for the designer to look at, and a run of the flow if that is switched on. The same
   * `key` (header `webhook-id` or `idempotency-key`) starts one run, however often it comes.
   */
  async receive(token: string, body: Json, key: string | undefined): Promise<{ runId: RunId | null }> {
    const hash = hashOf(token);
    const [place] = await this.database.control<{ tenant_id: TenantId; flow_id: FlowId }>(
      'SELECT * FROM lianke.find_flow_hook($1)',
      [hash],
    );
    if (!place) throw new AppError('not_found');
    const limit = await this.limiter.take(`hook:${hash}`, { limit: callsAMinute, windowMs: 60_000 });
    if (!limit.allowed) throw new AppError('too_many_requests', { seconds: Math.ceil(limit.retryAfterMs / 1000) });
    if (JSON.stringify(body).length > maxBody)
      throw refusal('invalid_request', {
        zh: '内容超过 64 KB',
        en: 'the request body is larger than 64 KB; send less',
      });
    const ctx = await this.tenants.context(place.tenant_id, { kind: 'system', name: 'flow' }, { door: 'api' });
    const flow = await this.flows.find(ctx, place.flow_id);
    const trigger = flow?.definition.trigger;
    return this.database.withTenant(ctx, async (tx) => {
      const now = this.clock.now();
      await tx.run('UPDATE lianke.flow_hook SET last_body = $2::jsonb, last_at = $3 WHERE flow_id = $1', [
        place.flow_id,
        JSON.stringify(body),
        now,
      ]);
      if (!flow || trigger?.type !== 'webhook') return { runId: null };
      const input = readInputs(trigger.inputs, (item) => inside(body, item.path || item.key));
      const eventId = key ? eventIdOf('hook', key) : eventIdOf('hook', randomBytes(16).toString('hex'));
      const start = {
        ...{ flowId: flow.id, version: flow.version, eventId, formId: null, recordId: null },
        ...{ batchId: null, starterId: null, door: 'api', depth: 0, input: { ...input, body } },
      };
      const made = await insertRuns(tx, ctx, [start], now);
      tx.afterCommit(() => this.workers.ring());
      const [run] = await tx.sql<{ id: RunId }>('SELECT id FROM lianke.run WHERE flow_id = $1 AND event_id = $2', [
        flow.id,
        eventId,
      ]);
      return { runId: made.get(eventId) ?? run?.id ?? null };
    });
  }
}

const hashOf = (token: string): string => createHash('sha256').update(`flow-hook\n${token}`).digest('hex');
const placeOf = (flowId: FlowId): string => `flow-hook:${flowId}`;
