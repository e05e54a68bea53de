import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { FlowId, MemberId, RunId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { bumpSchema } from '../versions.js';
import { FlowOwners } from './flow-owners.js';
import type { RunStart } from './run-starts.js';

/** A chain of flows longer than this is a loop. */
export const maxDepth = 16;

/** Runs of one flow that other flows may start within a minute; people, imports and schedules may start more. */
export const runsAMinute = 500;

/** Switches flows off that start one another without end, and tells their owner which they are. */
@Injectable()
export class LoopGuard {
  constructor(private readonly owners: FlowOwners) {}

  /** Flows that other flows have started, or are about to start, more than `runsAMinute` times in the last minute. */
  async overBudget(tx: Tx, starts: readonly RunStart[], now: Date): Promise<Set<FlowId>> {
    const wanted = new Map<FlowId, number>();
    for (const start of starts) if (start.depth > 0) wanted.set(start.flowId, (wanted.get(start.flowId) ?? 0) + 1);
    if (wanted.size === 0) return new Set();
    const rows = await tx.sql<{ flow_id: FlowId; runs: number }>(
      `SELECT flow_id, count(*)::int AS runs FROM lianke.run WHERE flow_id = ANY($1::uuid[]) AND depth > 0 AND started_at > $2 GROUP BY flow_id`,
      [[...wanted.keys()], new Date(now.getTime() - 60_000)],
    );
    const before = new Map(rows.map((row) => [row.flow_id, row.runs]));
    return new Set([...wanted].filter(([id, more]) => (before.get(id) ?? 0) + more > runsAMinute).map(([id]) => id));
  }

  /** Switches a flow off and tells its owner which flows led to it, one after the other. */
  async pause(
    tx: Tx,
    ctx: TenantContext,
    flowId: FlowId,
    events: readonly { cause_run_id: RunId | null; depth: number }[],
    tooMany: boolean,
  ): Promise<void> {
    const deepest = [...events].sort((a, b) => b.depth - a.depth)[0];
    const chain = deepest?.cause_run_id ? await this.chain(tx, ctx, deepest.cause_run_id) : [];
    const words = pausedBecause(tooMany, chain);
    const changed = await tx.sql<{ name: string; owner_id: MemberId | null }>(
      `UPDATE lianke.flow SET enabled = false, paused = $2, paused_en = $3 WHERE id = $1 AND enabled RETURNING name, owner_id`,
      [flowId, words.zh, words.en],
    );
    const [flow] = changed;
    if (!flow) return;
    await bumpSchema(tx, ctx.tenantId);
    await this.owners.tell(tx, ctx, {
      id: flowId,
      title: { zh: `流程“${flow.name}”已自动停用`, en: `The flow "${flow.name}" was switched off` },
      text: words,
      key: `paused:${deepest?.cause_run_id ?? flowId}`,
    });
  }

  /** Names of the flows behind a run, the first one first, each once until it comes round; null for a deleted one. */
  private async chain(tx: Tx, ctx: TenantContext, runId: RunId): Promise<(string | null)[]> {
    const rows = await tx.sql<{ name: string | null }>(
      `WITH RECURSIVE back AS (
         SELECT r.flow_id, r.event_id, 0 AS n FROM lianke.run r WHERE r.tenant_id = $1 AND r.id = $2
         UNION ALL
         SELECT r.flow_id, r.event_id, b.n + 1 FROM back b
         JOIN lianke.event e ON e.tenant_id = $1 AND e.id = b.event_id
         JOIN lianke.run r ON r.tenant_id = $1 AND r.id = e.cause_run_id WHERE b.n < 16
       ) SELECT f.name FROM back LEFT JOIN lianke.flow f ON f.tenant_id = $1 AND f.id = back.flow_id ORDER BY n DESC`,
      [ctx.tenantId, runId],
    );
    const names: (string | null)[] = [];
    for (const { name } of rows) {
      names.push(name);
      if (names.indexOf(name) < names.length - 1) break;
    }
    return names;
  }
}

const deletedFlow: Words = { zh: '已删除的流程', en: 'a deleted flow' };

/** Why a flow is switched off, and which flows led to it. */
function pausedBecause(tooMany: boolean, chain: readonly (string | null)[]): Words {
  const reason = tooMany
    ? {
        zh: `一分钟内被其他流程启动超过 ${runsAMinute} 次，已自动停用`,
        en: `switched off: other flows started it more than ${runsAMinute} times within a minute`,
      }
    : { zh: '流程之间互相触发形成循环，已自动停用', en: 'switched off: flows start one another in a circle' };
  if (chain.length === 0) return reason;
  const flows = (language: Language) => chain.map((name) => name ?? deletedFlow[language]).join(' → ');
  return { zh: `${reason.zh}。来龙去脉：${flows('zh')}`, en: `${reason.en}. How it came: ${flows('en')}` };
}
