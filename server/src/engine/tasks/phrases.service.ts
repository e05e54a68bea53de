import type { Language } from '@lianke/shared/errors/issue-text';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';

const usual: Record<Language, string[]> = {
  zh: ['同意', '同意，按此执行', '请补充材料后再提交', '价格需要再谈', '请尽快处理'],
  en: [
    'Agreed',
    'Agreed, go ahead as stated',
    'Add the missing material and submit again',
    'The price needs another talk',
    'Please see to it soon',
  ],
};

/** 常用意见: phrases that a member likes to answer with. */
@Injectable()
export class PhrasesService {
  constructor(private readonly database: Database) {}

  async of(ctx: TenantContext): Promise<{ items: string[] }> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ items: string[] }>('SELECT items FROM lianke.phrase WHERE member_id = $1', [memberOf(ctx)]),
    );
    return { items: row?.items ?? usual[languageIn(ctx)] };
  }

  /** An empty list brings the usual ones back. */
  async set(ctx: TenantContext, items: readonly string[]): Promise<{ items: string[] }> {
    const mine = [...new Set(items)];
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('DELETE FROM lianke.phrase WHERE member_id = $1', [memberOf(ctx)]);
      if (mine.length > 0)
        await tx.run('INSERT INTO lianke.phrase (tenant_id, member_id, items) VALUES ($1, $2, $3::text[])', [
          ctx.tenantId,
          memberOf(ctx),
          mine,
        ]);
    });
    return this.of(ctx);
  }
}
