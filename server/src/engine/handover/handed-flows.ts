import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId } from '@lianke/shared/ids';
import { asJson, type Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { VersionsService } from '../flows/versions.service.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { sameJson } from '../same-json.js';
import { bumpSchema } from '../versions.js';
import { HandedConfigs, type HandedItem } from './handed-configs.js';
import { replaceMember } from './replace-member.js';

interface FlowRow {
  id: FlowId;
  name: string;
  draft: Json;
  published: Json;
  published_version: number | null;
  owner_id: string | null;
}

/** What of a flow changed hands; kept as an item's `before` and `after`. */
interface FlowState {
  draft: Json;
  version: number | null;
  owner: string | null;
}

const select = `SELECT f.id, f.name, f.draft, f.published_version, f.owner_id, v.definition AS published
  FROM lianke.flow f LEFT JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version`;
const naming = `(strpos(f.draft::text, $1) > 0 OR strpos(coalesce(v.definition::text, ''), $1) > 0 OR f.owner_id = $2)`;

/** Flows that name a member in their draft or as published, or are his to look after. */
@Injectable()
export class HandedFlows {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly versions: VersionsService,
    private readonly items: HandedConfigs,
  ) {}

  async names(tx: Tx, member: MemberId): Promise<string[]> {
    return (await this.rows(tx, member)).map(({ name }) => name);
  }

  /** Puts the heir into drafts and, as a new version, into what is published; running instances move to that version. */
  async handOver(ctx: TenantContext, handoverId: string, from: MemberId, to: MemberId): Promise<number> {
    const changed = await this.database.withTenant(ctx, async (tx) => {
      const rows = await this.rows(tx, from, true);
      for (const row of rows) {
        const version = await this.publish(tx, ctx, row, from, to);
        const after: FlowState = {
          draft: replaceMember(row.draft, from, to),
          version,
          owner: row.owner_id === from ? to : row.owner_id,
        };
        await this.write(tx, row.id, after);
        const before: FlowState = { draft: row.draft, version: row.published_version, owner: row.owner_id };
        const kept = { before: asJson(before), after: asJson(after) };
        await this.items.keep(
          tx,
          { tenantId: ctx.tenantId, handoverId },
          { kind: 'flows', ref: row.id, to_id: to, ...kept },
        );
      }
      if (rows.length > 0) await bumpSchema(tx, ctx.tenantId);
      return rows;
    });
    await this.moveRuns(
      ctx,
      changed.map(({ id }) => id),
    );
    return changed.length;
  }

  /** Gives flows back that stand as the handover left them. @returns ids of those that do not */
  async giveBack(ctx: TenantContext, items: readonly HandedItem[]): Promise<Set<string>> {
    const kept = new Set<string>();
    const back = await this.database.withTenant(ctx, async (tx) => {
      const done: FlowId[] = [];
      for (const item of items) {
        const [row] = await tx.sql<FlowRow>(`${select} WHERE f.id = $1 FOR UPDATE OF f`, [item.ref]);
        const after = item.after as unknown as FlowState;
        const now: FlowState | undefined = row && {
          draft: row.draft,
          version: row.published_version,
          owner: row.owner_id,
        };
        if (!row || !now || !sameJson(asJson(now), asJson(after))) {
          kept.add(item.id);
          continue;
        }
        await this.write(tx, row.id, item.before as unknown as FlowState);
        done.push(row.id);
      }
      if (done.length > 0) await bumpSchema(tx, ctx.tenantId);
      return done;
    });
    await this.moveRuns(ctx, back);
    return kept;
  }

  /** A published definition that names him is published again with the heir, apart from what is being drafted. */
  private async publish(
    tx: Tx,
    ctx: TenantContext,
    row: FlowRow,
    from: MemberId,
    to: MemberId,
  ): Promise<number | null> {
    if (row.published_version === null || !JSON.stringify(row.published).includes(`"${from}"`))
      return row.published_version;
    const definition: FlowDefinition = flowDefinition.parse(replaceMember(row.published, from, to));
    const [made] = await tx.sql<{ version: number }>(
      `INSERT INTO lianke.flow_version (tenant_id, flow_id, version, definition, published_by)
       SELECT $1, $2, max(version) + 1, $3::jsonb, $4 FROM lianke.flow_version WHERE tenant_id = $1 AND flow_id = $2 RETURNING version`,
      [ctx.tenantId, row.id, JSON.stringify(definition), ctx.actor.kind === 'member' ? ctx.actor.memberId : null],
    );
    return made?.version ?? row.published_version;
  }

  private async write(tx: Tx, id: FlowId, state: FlowState): Promise<void> {
    await tx.run(
      'UPDATE lianke.flow SET draft = $2::jsonb, published_version = $3, owner_id = $4, updated_at = now() WHERE id = $1',
      [id, JSON.stringify(state.draft), state.version, state.owner],
    );
  }

  private async moveRuns(ctx: TenantContext, ids: readonly FlowId[]): Promise<void> {
    const fresh = await this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause);
    // A flow that was never published has no runs.
    for (const id of ids)
      await this.versions.migrate(fresh, id).catch((error: unknown) => {
        if ((error as { code?: string }).code !== 'wrong_state') throw error;
      });
  }

  private rows(tx: Tx, member: MemberId, lock = false): Promise<FlowRow[]> {
    return tx.sql<FlowRow>(`${select} WHERE ${naming} ORDER BY f.name, f.id${lock ? ' FOR UPDATE OF f' : ''}`, [
      `"${member}"`,
      member,
    ]);
  }
}
