import type { Language } from '@lianke/shared/errors/issue-text';
import { type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import type { FieldId, MemberId, TaskId } from '@lianke/shared/ids';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { needsPage } from '../flows/approval-tasks.js';
import { nextDue } from '../flows/approval-timers.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { settingsOf, visitOutput } from '../flows/visit-timers.js';
import { FormRegistry } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { ApprovalDesk } from './approval-desk.js';
import { activeAways, substituteOf } from './aways.js';
import { lastSeal, sealHolds } from './content-hash.js';
import { type HeldRun } from './held-task.js';
import { choicesOf } from './information.service.js';
import { passedNodes } from './passed-nodes.js';
import { RecallsService } from './recalls.service.js';
import { toStarter } from './returns.service.js';
import { sealedTold } from './sealed-told.js';
import { urgeFrom } from './started-run-view.js';
import { type FileNote, partWords, progressOf, type Story, stagesOf } from './task-progress.js';
import { hasVoice, isAnswer, type TaskRow } from './task-row.js';
import { approvalItem } from './task-view.js';
import { questionIn } from './task-words.js';
import { type Standing, ToldCuts } from './told-cuts.js';

interface CopyNote {
  member_id: MemberId;
  by_id: MemberId | null;
  created_at: string;
  read_at: string | null;
}

type RunFacts = Omit<HeldRun, 'definition'> & { started_at: string; finished_at: string | null };

/** Whoever has to answer at another place of the approval takes part in it; who started it or may see the record does not. */
function standingOf(
  { task, tasks, copied, acts }: { task: TaskRow; tasks: readonly TaskRow[]; copied: boolean; acts: boolean },
  me: MemberId | null,
): Standing {
  if (task.member_id === me) return 'told';
  const takesPart = tasks.some((other) => other.member_id === me || other.decided_by === me);
  return takesPart || copied || acts ? 'party' : 'outsider';
}

/** One approval as its page shows it: the story so far, where it stands, and everything its reader may do. */
@Injectable()
export class TaskDetailsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly recalls: RecallsService,
    private readonly desk: ApprovalDesk,
    private readonly flows: PublishedFlows,
    private readonly cuts: ToldCuts,
  ) {}

  /** A task of the reader's own or one he answers for, one of a run he has a part in, or whose record he may see. */
  async get(ctx: TenantContext, id: TaskId): Promise<TaskDetail> {
    const org = await this.org.of(ctx);
    const forms = await this.registry.all(ctx);
    const me = memberOf(ctx);
    const admin = await this.access
      .require(ctx, 'admin')
      .then(() => true)
      .catch(() => false);
    const called = await this.flows.lookup(ctx);
    const found = await this.database.withTenant(ctx, (tx) => this.load(tx, ctx, id, me));
    const { tasks, run } = found;
    const cut = await this.cuts.of(ctx);
    const task = cut(run.definition, found.task, standingOf(found, me));
    const [record] = await this.reader.getMany(ctx, task.form_id, [task.record_id]).catch(() => []);
    const involved =
      me === null ||
      found.copied ||
      tasks.some((other) => [other.member_id, other.starter_id, other.decided_by].includes(me)) ||
      found.acts;
    if (!involved && !record) throw new AppError('not_found');
    const node = run.definition.nodes.find((item) => item.id === task.node);
    const approval = node?.type === 'approval' ? node : undefined;
    const form = forms.get(task.form_id);
    const story: Story = { run, definition: run.definition, tasks, steps: found.steps, files: found.files };
    const seal = lastSeal(tasks, task.record_id);
    const stored = seal && form && found.stored ? found.stored.values : undefined;
    const from = urgeFrom(run.urged_at, this.desk.now(), settingsOf(run.definition).urgeMinutes);
    const mayDecide = task.state === 'pending' && found.mine && hasVoice(task);
    const actions = this.actions(found, admin, me);
    return {
      ...approvalItem(task, record?.label ?? '', org, {
        me: found.mine ? me : task.member_id,
        simple: approval !== undefined && !needsPage(approval),
        due: found.dueAt,
        sealed: sealedTold(run.definition, task.node, forms),
        language: languageIn(ctx),
      }),
      progress: progressOf(story, org, languageIn(ctx)),
      stages: stagesOf(story, org, languageIn(ctx)),
      copies: found.copies.map((copy) => ({
        who: { id: copy.member_id, label: org.nameOf(copy.member_id) },
        by: copy.by_id ? { id: copy.by_id, label: org.nameOf(copy.by_id) } : null,
        at: copy.created_at,
        readAt: copy.read_at,
      })),
      mayDecide,
      actions,
      runId: run.id,
      flowId: run.flow_id,
      commentOnReject: approval?.commentOnReject ?? false,
      commentOnApprove: approval?.commentOnApprove ?? false,
      signature: approval?.signature ?? false,
      fields: node?.type === 'approval' || node?.type === 'fill' ? fieldRights(node, form?.fields ?? []) : {},
      question: questionIn(task, run.definition, languageIn(ctx)),
      returnTo: actions.includes('return') ? found.returnTo : [],
      removable: tasks
        .filter((other) => this.removable(other, task, me))
        .map((other) => ({ id: other.id, who: { id: other.member_id, label: org.nameOf(other.member_id) } })),
      choices: approval && task.kind === 'choose' ? people(choicesOf(approval), org) : [],
      changedAfter: !!seal && !!form && !!stored && !sealHolds(seal, form, stored, run.definition, called),
      locked: run.lock !== null && isOver(run) === false,
      dueAt: found.dueAt,
      urgeFrom: actions.includes('urge') ? (from?.toISOString() ?? null) : null,
    };
  }

  private async load(tx: Tx, ctx: TenantContext, id: TaskId, me: MemberId | null) {
    const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
    if (!task) throw new AppError('not_found');
    const [row] = await tx.sql<RunFacts & { definition: unknown }>(
      `SELECT r.id, r.flow_id, r.version, r.state, r.form_id, r.record_id, r.starter_id, r.withdrawal, r.urged_at, r.lock, r.unlocked, r.started_at, r.finished_at, v.definition
       FROM lianke.run r JOIN lianke.flow_version v ON v.tenant_id = r.tenant_id AND v.flow_id = r.flow_id AND v.version = r.version WHERE r.id = $1`,
      [task.run_id],
    );
    if (!row) throw new AppError('not_found');
    const run = { ...row, definition: flowDefinition.parse(row.definition) };
    const node = run.definition.nodes.find((item) => item.id === task.node);
    const at = { runId: run.id, node: task.node, scope: task.scope, iteration: task.iteration };
    const [tasks, steps, aways, copies, stored, output] = await Promise.all([
      tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE run_id = $1 ORDER BY created_at, position, id', [run.id]),
      tx.sql<Story['steps'][number]>(
        `SELECT node, type, state, undone, output->>'outcome' AS outcome, output->'stayed' AS stayed, started_at FROM lianke.step WHERE run_id = $1 AND state <> 'skipped' ORDER BY started_at, node`,
        [run.id],
      ),
      activeAways(tx, this.desk.now()),
      tx.sql<CopyNote>(
        'SELECT member_id, by_id, created_at, read_at FROM lianke.copy WHERE run_id = $1 ORDER BY id LIMIT 500',
        [run.id],
      ),
      this.reader.stored(tx, ctx, task.form_id, [task.record_id]).catch(() => []),
      visitOutput(tx, ctx, at),
    ]);
    const ids = tasks.flatMap((other) => other.attachments ?? []);
    const files = await tx.sql<FileNote>('SELECT id, name, size, mime FROM lianke.file WHERE id = ANY($1::uuid[])', [
      ids,
    ]);
    const substitute = substituteOf(aways, task.member_id, run.flow_id);
    const timers = node?.type === 'approval' ? node.timers : undefined;
    const waits = task.state === 'pending' && timers !== undefined && !output.left;
    return {
      task,
      run,
      tasks,
      steps,
      copies,
      copied: me !== null && copies.some((copy) => copy.member_id === me),
      mine: me !== null && (task.member_id === me || substitute === me),
      acts: me !== null && tasks.some((other) => substituteOf(aways, other.member_id, run.flow_id) === me),
      stored: stored[0],
      files: new Map(files.map((file) => [file.id, file])),
      dueAt: waits ? (nextDue(timers, output.timers ?? [])?.toISOString() ?? null) : null,
      recall: me !== null && (await this.recalls.possible(tx, run, task, me)),
      returnTo: await this.returnTargets(tx, run, task, node?.type === 'approval', languageIn(ctx)),
    };
  }

  private async returnTargets(
    tx: Tx,
    run: HeldRun,
    task: TaskRow,
    approval: boolean,
    language: Language,
  ): Promise<TaskDetail['returnTo']> {
    if (!approval || task.state !== 'pending') return [];
    const passed = await passedNodes(tx, run.id, run.definition, { scope: task.scope, node: task.node });
    const words = partWords[language];
    return [
      ...(task.starter_id ? [{ node: toStarter, name: words.starter, straight: task.scope === '' }] : []),
      ...passed.map(({ node, type, name, straight }) => ({ node, name: name || words[type], straight })),
    ];
  }

  private actions(
    found: Awaited<ReturnType<TaskDetailsService['load']>>,
    admin: boolean,
    me: MemberId | null,
  ): string[] {
    const { task, tasks, run, mine } = found;
    const node = run.definition.nodes.find((item) => item.id === task.node);
    const without = node?.type === 'approval' ? (node.without ?? []) : [];
    const actions: string[] = [];
    const offer = (action: string, on: boolean) => {
      if (on && !without.includes(action as never)) actions.push(action);
    };
    const voice = mine && task.state === 'pending' && hasVoice(task);
    for (const action of ['approve', 'reject', 'delegate']) offer(action, voice);
    offer('transfer', voice || (mine && task.state === 'pending' && task.kind === 'fill'));
    offer('addSigner', voice && task.depth < 3);
    offer('return', voice && found.returnTo.length > 0);
    offer('askInfo', voice && task.starter_id !== null);
    const asked = mine && task.state === 'pending';
    offer('advise', asked && task.kind === 'advise');
    offer('choose', asked && task.kind === 'choose');
    offer('resubmit', asked && task.kind === 'resubmit');
    offer('answer', asked && task.kind === 'inform');
    offer('fill', asked && task.kind === 'fill');
    offer('recall', found.recall);
    offer(
      'removeSigner',
      tasks.some((other) => this.removable(other, task, me)),
    );
    offer(
      'cc',
      me !== null && tasks.some((other) => [other.member_id, other.starter_id, other.decided_by].includes(me)),
    );
    if (isOver(run)) return actions;
    const pending = tasks.filter((other) => other.state === 'pending');
    offer('unlock', run.lock !== null && (admin || (mine && task.state === 'pending')));
    if (run.starter_id === null || run.starter_id !== me) return actions;
    const rule = settingsOf(run.definition).withdraw;
    const decided = tasks.some((other) => isAnswer(other) && hasVoice(other) && !other.undone && other.auto === null);
    offer('withdraw', rule === 'beforeEnd' || (rule === 'beforeFirst' && !decided));
    offer(
      'urge',
      pending.some((other) => hasVoice(other) || other.kind === 'advise' || other.kind === 'fill'),
    );
    return actions;
  }

  private removable(other: TaskRow, task: TaskRow, me: MemberId | null): boolean {
    const same = other.node === task.node && other.scope === task.scope && other.iteration === task.iteration;
    return same && me !== null && other.added_by === me && (other.state === 'pending' || other.state === 'queued');
  }
}

function isOver(run: Pick<HeldRun, 'state'>): boolean {
  return run.state === 'done' || run.state === 'failed' || run.state === 'cancelled';
}

function fieldRights(
  node: Extract<FlowNode, { type: 'approval' | 'fill' }>,
  fields: readonly { id: FieldId; key: string }[],
): TaskDetail['fields'] {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const right = node.fields?.[field.id] ?? node.fields?.[field.key];
      return right ? [[field.key, right]] : [];
    }),
  );
}

function people(ids: readonly string[], org: Org) {
  return ids.map((id) => ({ id, label: org.nameOf(id) }));
}
