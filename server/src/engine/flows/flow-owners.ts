import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowId, MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { type Said, saidIn } from '../../kernel/errors/said.js';
import type { TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';

/** At most one message about failures of a flow in so long (ms). */
const quietMs = 3_600_000;

/** Tells whoever answers for a flow what became of it: its owner, or the administrators once he has left. */
@Injectable()
export class FlowOwners {
  constructor(
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
  ) {}

  /** One card; `key` the same for the same news. */
  async tell(
    tx: Tx,
    ctx: TenantContext,
    news: { id: FlowId; title: Words; text: Words; key: string; runId?: string },
  ): Promise<void> {
    const [flow] = await tx.sql<{ owner_id: MemberId | null; app_id: string }>(
      'SELECT owner_id, app_id FROM lianke.flow WHERE tenant_id = $1 AND id = $2',
      [ctx.tenantId, news.id],
    );
    if (!flow) return;
    const org = await this.org.of(ctx);
    const owner = flow.owner_id && org.members.get(flow.owner_id)?.state === 'active' ? [flow.owner_id] : org.admins();
    if (owner.length === 0) return;
    await this.notifier.enqueue(tx, ctx, {
      card: {
        kind: 'notice',
        title: cut(news.title, 120),
        description: cut(news.text, 400),
        facts: [],
        buttons: [],
        path: '/pages/workbench/index',
      },
      to: owner,
      key: news.key,
      about: { kind: 'none', id: null },
    });
  }

  /** A run has failed: told at once, but not again within the hour. */
  async tellFailure(
    tx: Tx,
    ctx: TenantContext,
    run: { id: string; flowId: FlowId },
    error: Said,
    now: Date,
  ): Promise<void> {
    const [flow] = await tx.sql<{ name: string }>(
      `UPDATE lianke.flow SET told_at = $3 WHERE tenant_id = $1 AND id = $2 AND (told_at IS NULL OR told_at < $4) RETURNING name`,
      [ctx.tenantId, run.flowId, now, new Date(now.getTime() - quietMs)],
    );
    if (!flow) return;
    await this.tell(tx, ctx, {
      id: run.flowId,
      title: { zh: `流程“${flow.name}”有一次运行停下了`, en: `A run of the flow "${flow.name}" has stopped` },
      text: {
        zh: `${saidIn(error, 'zh')}。在电脑端“管理 → 流程运行”里补上后重试，一小时内的其他失败也在那里。`,
        en: `${saidIn(error, 'en')}. Mend it on a computer under Administration → Flow runs and try again; other failures of this hour are there too.`,
      },
      key: `failed:${run.id}`,
    });
  }
}

function cut({ zh, en }: Words, most: number): Words {
  return { zh: zh.slice(0, most), en: en.slice(0, most) };
}
