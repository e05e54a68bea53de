import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowId, FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { keptSaid, type Said } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { TenantContext } from '../context.js';
import type { Org } from '../org/org-directory.js';
import type { Notifier } from '../ports.js';
import type { Fact } from '../tasks/facts.js';

export interface Copies {
  runId: RunId;
  flowId: FlowId;
  /** The node's visit or the task that sends them: nobody gets two of one. */
  source: string;
  to: readonly MemberId[];
  by: MemberId | null;
  title: Said;
  facts: Fact[];
  comment: string | null;
  formId: FormId;
  recordId: RecordId;
  /** A task of the run, whose page tells its story. */
  taskId: TaskId | null;
  now: Date;
}

/** Keeps a copy for each receiver and sends him a card. */
export async function insertCopies(
  notifier: Notifier,
  tx: Tx,
  ctx: TenantContext,
  org: Org,
  copies: Copies,
): Promise<void> {
  const members = [...new Set(copies.to)];
  const [title, english] = keptSaid(copies.title);
  const ids = members.map(() => uuid7());
  await tx.run(
    `INSERT INTO lianke.copy (tenant_id, id, run_id, flow_id, source, member_id, by_id, title, facts, comment, form_id, record_id, created_at, title_en)
     SELECT $1, x.id, $4, $5, $6, x.member_id, $7, $8, $9::jsonb, $10, $11, $12, $13, $14 FROM unnest($2::uuid[], $3::uuid[]) AS x(id, member_id)
     ON CONFLICT (tenant_id, run_id, source, member_id) DO NOTHING`,
    [
      ctx.tenantId,
      ids,
      members,
      copies.runId,
      copies.flowId,
      copies.source,
      copies.by,
      title,
      JSON.stringify(copies.facts),
      copies.comment,
      copies.formId,
      copies.recordId,
      copies.now,
      english,
    ],
  );
  await notifier.enqueue(tx, ctx, {
    card: {
      kind: 'notice',
      title: copies.title,
      description: copiedBy(copies.by && org.nameOf(copies.by), copies.comment),
      facts: copies.facts,
      path: copies.taskId
        ? `/pages/task/index?id=${copies.taskId}`
        : `/pages/record/index?formId=${copies.formId}&id=${copies.recordId}`,
      buttons: [],
    },
    to: members,
    key: `copy:${copies.runId}:${copies.source}`,
    about: { kind: 'none', id: null },
    mergeable: true,
  });
}

function copiedBy(name: string | null, comment: string | null): Words {
  const by = name ? { zh: `${name} 抄送`, en: `Copy from ${name}` } : { zh: '抄送', en: 'Copy' };
  return comment ? { zh: `${by.zh}：${comment}`, en: `${by.en}: ${comment}` } : by;
}
