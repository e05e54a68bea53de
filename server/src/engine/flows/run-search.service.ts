import type { RunQuery, RunSummary, RunsActResult, runActions } from '@lianke/shared/flows/api';
import type { RunId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, reasonIn } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { cursorId, pageSize, RunsService, type SummaryRow, selectRuns, statesOf } from './runs.service.js';

/** Runs across flows: found by flow, record, state and time, and the failed ones taken on together. */
@Injectable()
export class RunSearch {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly runs: RunsService,
  ) {}

  /** Runs of flows whose app the reader may design; of deleted flows for who designs everything. */
  async find(ctx: TenantContext, query: RunQuery): Promise<{ items: RunSummary[]; cursor: string | null }> {
    await this.access.requireSomeDesign(ctx);
    const { designs } = await this.access.designer(ctx);
    const rows = await this.database.withTenant(ctx, async (tx) => {
      const apps = await tx.sql<{ app_id: string }>('SELECT DISTINCT app_id FROM lianke.flow');
      const mine = apps.map((app) => app.app_id).filter(designs);
      return tx.sql<SummaryRow>(
        `${selectRuns} WHERE (f.app_id = ANY($1::uuid[]) OR ($2 AND f.id IS NULL))
           AND ($3::uuid IS NULL OR r.id < $3) AND ($4::text[] IS NULL OR r.state = ANY($4))
           AND ($5::uuid IS NULL OR r.flow_id = $5) AND ($6::uuid IS NULL OR f.app_id = $6)
           AND ($7::uuid IS NULL OR r.form_id = $7) AND ($8::uuid IS NULL OR r.record_id = $8)
           AND ($9::timestamptz IS NULL OR r.started_at >= $9) AND ($10::timestamptz IS NULL OR r.started_at < $10)
         ORDER BY r.id DESC LIMIT ${pageSize + 1}`,
        [
          mine,
          designs(''),
          cursorId(query.cursor),
          statesOf(query.state),
          query.flowId ?? null,
          query.appId ?? null,
          query.formId ?? null,
          query.recordId ?? null,
          query.from ?? null,
          query.to ?? null,
        ],
      );
    });
    const page = rows.slice(0, pageSize);
    const more = rows.length > pageSize;
    return { items: await this.runs.present(ctx, page), cursor: more ? (page.at(-1)?.id ?? null) : null };
  }

  /** Each run on its own, in order; what cannot be done is left, with the reason. */
  async act(
    ctx: TenantContext,
    action: (typeof runActions)[number],
    ids: readonly RunId[],
    language: 'zh' | 'en' = 'zh',
  ): Promise<RunsActResult> {
    await this.access.requireSomeDesign(ctx);
    const result: RunsActResult = { done: [], left: [] };
    for (const id of new Set(ids)) {
      try {
        await this.runs[action](ctx, id);
        result.done.push(id);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        result.left.push({ id, reason: reasonIn(error, language) });
      }
    }
    return result;
  }
}
