import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId, RunId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { type Said, saidIn } from '../../kernel/errors/said.js';
import { AccessService } from '../access/access.service.js';
import type { FormAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import { PublishedFlows } from '../flows/published-flows.js';
import type { FieldMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import type { Fact } from './facts.js';
import { partsTold } from './sealed-told.js';
import type { TaskRow } from './task-row.js';
import { type Titled, titleOf } from './task-words.js';

/**
 * How somebody stands to what was told: `told` to himself, `party` to an approval that told it to a colleague, or
 * `outsider`, who may see the record or started the run.
 */
export type Standing = 'told' | 'party' | 'outsider';

/** What a reader gets of something told: the same without what his roles keep from him. */
export type Cut = <T extends Titled & { node: string }>(definition: FlowDefinition, row: T, standing: Standing) => T;

const unnamed = { zh: '审批', en: 'Approval' };

/**
 * What a task or copy says was chosen for one member (`flows/told.ts`). Whoever else reads it, or gets it from him, is not
 * told what his own roles hide; nor is the member himself any more when they have come to hide it.
 */
@Injectable()
export class ToldCuts {
  constructor(
    private readonly access: AccessService,
    private readonly registry: FormRegistry,
    private readonly flows: PublishedFlows,
  ) {}

  /** For the reader of a request. */
  async of(ctx: TenantContext): Promise<Cut> {
    const [forms, accessOf] = await Promise.all([this.registry.all(ctx), this.access.ofForms(ctx)]);
    return (definition, row, standing) => {
      const parts = (meets: (access: FormAccess, field: FieldMeta) => boolean) =>
        partsTold(definition, row.node, forms, (form, field) => meets(accessOf(form.id), field));
      const kept = parts(keptFrom[standing]);
      // To whoever it was told it was told with stars; without them his roles have changed since.
      const starred = parts((access, field) => standing === 'told' && access.may('view') && access.masks(field));
      const bare = (text: Said) => !saidIn(text, 'zh').includes('*');
      const title = titleOf(row);
      const untitled = kept.title || (starred.title && bare(title));
      const [zh, en] = untitled ? inColumns(nameOf(definition, row.node)) : [row.title, row.title_en];
      const facts = 'facts' in row ? (row.facts as readonly Fact[]) : [];
      const told = facts.filter(
        ({ label, value }) => !kept.labels.has(label) && !(starred.labels.has(label) && bare(value)),
      );
      return { ...row, title: zh, title_en: en, ...('facts' in row ? { facts: told } : {}) };
    };
  }

  /** A task as it may be passed on to a colleague, in the transaction that does so. */
  async passedOn(tx: Tx, ctx: TenantContext, task: TaskRow, to: MemberId): Promise<TaskRow> {
    const { flow_id, version } = await runOf(tx, ctx, task.run_id);
    const cut = await this.of(as(ctx, to));
    return { ...cut(await this.flows.version(ctx, flow_id, version, tx), task, 'party'), member_id: to };
  }

  /** What an approver's substitute is told of it. */
  async told(
    tx: Tx,
    ctx: TenantContext,
    { task, at }: { task: { title: Said; facts: readonly Fact[] }; at: { runId: RunId; node: string } },
    to: MemberId,
  ): Promise<{ title: Said; facts: Fact[] }> {
    const [title, title_en] = inColumns(task.title);
    const { flow_id, version } = await runOf(tx, ctx, at.runId);
    const cut = await this.of(as(ctx, to));
    const row = { title, title_en, facts: task.facts, node: at.node };
    const theirs = cut(await this.flows.version(ctx, flow_id, version, tx), row, 'party');
    return { title: titleOf(theirs), facts: [...theirs.facts] };
  }
}

async function runOf(tx: Tx, ctx: TenantContext, id: RunId): Promise<{ flow_id: FlowId; version: number }> {
  const [run] = await tx.sql<{ flow_id: FlowId; version: number }>(
    'SELECT flow_id, version FROM lianke.run WHERE tenant_id = $1 AND id = $2',
    [ctx.tenantId, id],
  );
  if (!run) throw new Error(`there is no run ${id}`);
  return run;
}

/** Somebody's own rights, whoever acts. */
function as({ key: _, ...ctx }: TenantContext, memberId: MemberId): TenantContext {
  return { ...ctx, actor: { kind: 'member', memberId } };
}

/**
 * Fields that are kept from somebody. Who has no right to a form at all was told what the flow's designer chose for him, as
 * are colleagues who take part in the approval.
 */
const keptFrom: Record<Standing, (access: FormAccess, field: FieldMeta) => boolean> = {
  told: (access, field) => access.may('view') && !access.mayRead(field),
  party: (access, field) => access.may('view') && !access.sees(field),
  outsider: (access, field) => !access.may('view') || !access.sees(field),
};

/** Said in the place of a title that is not for the reader. */
function nameOf(definition: FlowDefinition, nodeId: string): Said {
  const node = definition.nodes.find(({ id }) => id === nodeId);
  return (node && 'name' in node && node.name) || unnamed;
}

function inColumns(said: Said): [string, string | null] {
  return typeof said === 'string' ? [said, null] : [said.zh, said.en];
}
