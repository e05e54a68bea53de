import type { BatchId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { changer } from '../../context.js';
import { sealImage } from '../../sealed/sealed-images.js';
import type { RecordEventKind, StoredValues } from '../contracts.js';
import { changeTable } from '../history.js';
import type { Params } from '../sql/params.js';
import { arrayLiteral, arrayParam } from './row-source.js';
import type { Work } from './work.js';

export type ChangeKind = 'create' | 'update' | 'delete' | 'restore';

/** One record before and after, as history and events tell it. */
export interface Change {
  id: string;
  kind: ChangeKind;
  version: number;
  before: StoredValues;
  after: StoredValues;
  /** What history keeps: `{field: [before, after]}`; a create keeps nothing but the mark of its sender's content. */
  changes: Record<string, [Json, Json]> | null;
  /** Derived values that followed in the same write: events tell them, history does not. */
  derived?: Record<string, [Json, Json]>;
}

const eventKinds: Record<ChangeKind, RecordEventKind> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  restore: 'restored',
};

/** Parts of a WITH, after `done (id)`, that write history and events of the records in `done`. */
export function changesSql(work: Work, changes: readonly Change[], params: Params): string {
  const watched = work.form.watched && !work.request.quiet;
  if (watched) work.events = true;
  const bind = shared(work, params);
  const history = historySql(work, changes, bind, params);
  return watched ? `${history}${eventsSql(work, changes, bind, params)}` : history;
}

interface Shared {
  form: string;
  actor: string;
  door: string;
  batch: string;
  at: string;
  kind: string;
}

function shared(work: Work, params: Params): Shared {
  const { ctx } = work;
  return {
    form: params.add(work.form.id, 'uuid'),
    at: params.add(work.now, 'timestamptz'),
    actor: params.add(changer(ctx), 'uuid'),
    kind: params.add(ctx.actor.kind === 'member' ? 'member' : ctx.actor.name, 'text'),
    door: params.add(ctx.cause.door, 'text'),
    // A parameter that no statement names has no type.
    batch: work.request.origins ? '' : params.add(work.batchId, 'uuid'),
  };
}

function historySql(work: Work, changes: readonly Change[], bind: Shared, params: Params): string {
  const { origins } = work.request;
  const column = (type: string, of: (change: Change) => string | number | null) =>
    arrayParam(params, type, changes.map(of));
  const arrays = [
    column('uuid', () => uuid7()),
    column('uuid', (change) => change.id),
    column('text', (change) => change.kind),
    column('int', (change) => change.version),
    column('text', (change) => (change.changes ? JSON.stringify(sealImage(work.form, change.changes)) : null)),
    ...(origins ? [column('uuid', (change) => originOf(work, change).batchId)] : []),
  ];
  return `, history AS (INSERT INTO ${changeTable(work.form)} (id, form_id, record_id, kind, at, actor_id, actor_kind, door, batch_id, version, changes)
    SELECT h.id, ${bind.form}, h.record_id, h.kind, ${bind.at}, ${bind.actor}, ${bind.kind}, ${bind.door}, ${origins ? 'h.batch_id' : bind.batch}, h.version, h.changes::jsonb
    FROM unnest(${arrays.join(', ')}) AS h(id, record_id, kind, version, changes${origins ? ', batch_id' : ''}) JOIN done ON done.id = h.record_id)`;
}

/** `after` is the whole record, so that trigger conditions may name any field; `before` holds what changed. */
function eventsSql(work: Work, changes: readonly Change[], bind: Shared, params: Params): string {
  const { ctx } = work;
  const { origins } = work.request;
  const column = (type: string, of: (change: Change) => string | null) => arrayParam(params, type, changes.map(of));
  const arrays = [
    column('uuid', () => uuid7()),
    column('uuid', (change) => change.id),
    column('text', (change) => eventKinds[change.kind]),
    column('text', (change) => JSON.stringify(sealImage(work.form, beforeImage(change)))),
    column('text', (change) => JSON.stringify(sealImage(work.form, change.after))),
    column('text', (change) => arrayLiteral(changedFields(change))),
    ...(origins
      ? [
          column('uuid', (change) => originOf(work, change).batchId),
          column('uuid', (change) => originOf(work, change).runId),
        ]
      : []),
  ];
  const own = origins
    ? { batch: 'e.batch_id', run: 'e.run_id', names: ', batch_id, run_id' }
    : { batch: bind.batch, run: params.add(ctx.cause.runId ?? null, 'uuid'), names: '' };
  return `, events AS (INSERT INTO lianke.event (tenant_id, id, form_id, record_id, kind, before, after, changed, batch_id, actor_id, door, depth, cause_run_id)
    SELECT ${params.add(ctx.tenantId, 'uuid')}, e.id, ${bind.form}, e.record_id, e.kind, e.before::jsonb, e.after::jsonb, e.changed::text[], ${own.batch}, ${bind.actor}, ${bind.door}, ${params.add(ctx.cause.depth, 'int')}, ${own.run}
    FROM unnest(${arrays.join(', ')}) AS e(id, record_id, kind, before, after, changed${own.names}) JOIN done ON done.id = e.record_id)`;
}

/** What is changed along with the rows of several runs (records their deletion takes with it) belongs to the whole. */
function originOf(work: Work, change: Change): { runId: RunId | null; batchId: BatchId } {
  const whole = { runId: work.ctx.cause.runId ?? null, batchId: work.batchId };
  return work.request.origins?.get(change.id as RecordId) ?? whole;
}

function changedFields(change: Change): string[] {
  if (change.kind === 'create') return Object.keys(change.after);
  return Object.keys({ ...change.changes, ...change.derived });
}

function beforeImage(change: Change): StoredValues {
  if (change.kind === 'create') return {};
  return Object.fromEntries(changedFields(change).map((id) => [id, change.before[id] ?? null]));
}
