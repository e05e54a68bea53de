import type { FlowDetail, FlowVersion, MigrateResult, WaitingAt } from '@lianke/shared/flows/api';
import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId, RunId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { FlowsService } from './flows.service.js';

const open = `state IN ('ready','waiting','calling','failed')`;

/** Published versions of a flow: looked at, compared, gone back to, and running instances moved on. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly flows: FlowsService,
  ) {}

  /** The newest first, each with how many runs still follow it. */
  async list(ctx: TenantContext, flowId: FlowId): Promise<FlowVersion[]> {
    await this.flows.get(ctx, flowId);
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ version: number; published_at: string; published_by: MemberId | null; running: number }>(
        `SELECT v.version, v.published_at, v.published_by,
           (SELECT count(*)::int FROM lianke.run r WHERE r.tenant_id = v.tenant_id AND r.flow_id = v.flow_id AND r.version = v.version AND r.${open}) AS running
         FROM lianke.flow_version v WHERE v.flow_id = $1 ORDER BY v.version DESC LIMIT 200`,
        [flowId],
      ),
    );
    return rows.map((row) => ({
      version: row.version,
      publishedAt: row.published_at,
      by: row.published_by ? org.nameOf(row.published_by) : null,
      running: row.running,
    }));
  }

  async get(ctx: TenantContext, flowId: FlowId, version: number): Promise<FlowDefinition> {
    await this.flows.get(ctx, flowId);
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ definition: unknown }>(
        'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
        [flowId, version],
      ),
    );
    if (!row) throw new AppError('not_found');
    return flowDefinition.parse(row.definition);
  }

  /** Publishes an earlier version again, as a new one; what is drafted gives way to it. */
  async restore(
    ctx: TenantContext,
    flowId: FlowId,
    version: number,
    language: 'zh' | 'en' = 'zh',
  ): Promise<FlowDetail> {
    const definition = await this.get(ctx, flowId, version);
    await this.flows.update(ctx, flowId, { definition });
    return this.flows.publish(ctx, flowId, language);
  }

  /**
   * Moves runs of earlier versions to the published one. A run stays where a step that it stands at, or one around that,
   * is no longer there or has become another kind.
   */
  async migrate(ctx: TenantContext, flowId: FlowId): Promise<MigrateResult> {
    const { publishedVersion } = await this.flows.get(ctx, flowId);
    if (publishedVersion === null)
      throw refusal('wrong_state', { zh: '还没有发布', en: 'the flow has not been published yet; publish it first' });
    const target = await this.get(ctx, flowId, publishedVersion);
    const old = new Map<number, FlowDefinition>();
    const runs = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ id: RunId; version: number }>(
        `SELECT id, version FROM lianke.run WHERE flow_id = $1 AND version <> $2 AND ${open} ORDER BY id`,
        [flowId, publishedVersion],
      ),
    );
    const result: MigrateResult = { moved: 0, left: 0 };
    for (const run of runs) {
      const before = old.get(run.version) ?? (await this.get(ctx, flowId, run.version));
      old.set(run.version, before);
      const moved = await this.database.withTenant(ctx, async (tx) => {
        const [held] = await tx.sql<{ node: string | null }>(
          `SELECT node FROM lianke.run WHERE id = $1 AND version = $2 AND ${open} FOR UPDATE`,
          [run.id, run.version],
        );
        if (!held) return false;
        const paths = await tx.sql<{ node: string; scope: string }>(
          'SELECT node, scope FROM lianke.branch WHERE run_id = $1',
          [run.id],
        );
        const stands = [
          held.node,
          ...paths.flatMap((path) => [path.node, ...path.scope.split('/').map((part) => part.split('#')[0] ?? '')]),
        ];
        const kind = (definition: FlowDefinition, id: string) => definition.nodes.find((node) => node.id === id)?.type;
        if (stands.some((id) => id && kind(target, id) !== kind(before, id))) return false;
        await tx.run('UPDATE lianke.run SET version = $2, epoch = epoch + 1, lease_until = NULL WHERE id = $1', [
          run.id,
          publishedVersion,
        ]);
        return true;
      });
      if (moved) result.moved++;
      else result.left++;
    }
    return result;
  }

  /** How many runs stand at each step now, whatever their version. */
  async waiting(ctx: TenantContext, flowId: FlowId): Promise<WaitingAt[]> {
    await this.flows.get(ctx, flowId);
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<WaitingAt>(
        `SELECT node, count(*)::int AS count, count(*) FILTER (WHERE failed)::int AS failed FROM (
           SELECT r.node, r.state = 'failed' AS failed FROM lianke.run r WHERE r.flow_id = $1 AND r.${open} AND r.branches = 0 AND r.node IS NOT NULL
           UNION ALL
           SELECT b.node, r.state = 'failed' FROM lianke.run r JOIN lianke.branch b ON b.tenant_id = r.tenant_id AND b.run_id = r.id
           WHERE r.flow_id = $1 AND r.${open} AND b.state <> 'split') p GROUP BY node`,
        [flowId],
      ),
    );
  }
}
