import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { Json } from '@lianke/shared/json';
import { partsOf } from '@lianke/shared/records/comment-text';
import { type RowStep, rowSteps } from '@lianke/shared/records/rows';
import { distanceOf } from '../fields/location.js';
import { formatField } from '../fields/registry.js';
import { rowFields } from '../fields/subform-rows.js';
import type { FormatContext } from '../fields/types.js';
import { toCustomerText } from './distance.js';
import { fieldOf, type Pointer } from './forms.js';
import { type FormView, isRef, type ReadField, type RecordRow } from './record-types.js';
import { visitFields } from './visit-form.js';

export type HistoryEntry = AnswerOf<'records.history'>['items'][number];
export type Comment = AnswerOf<'comments.list'>['items'][number];
export type RunOfRecord = AnswerOf<'runs.ofRecord'>['items'][number];

export interface TimelineItem {
  key: string;
  at: number;
  who: string;
  text: string;
  /** Under the text, in a paler colour. */
  note?: string;
  /** A comment: its text with the people it mentions set apart. */
  comment?: { of: Comment; parts: ReturnType<typeof partsOf> };
  /** A flow that did not come to its end. */
  failed?: boolean;
  /** A follow-up: opens it. */
  record?: { formId: string; id: string };
}

const namedRows = 3;

/** Changes without a person are named by what made them. */
function actorName({ actor, door }: HistoryEntry, { t }: FormatContext): string {
  if (actor.id !== null) return actor.label;
  if (door === 'flow') return t('history.byFlow');
  return door === 'import' ? t('history.byImport') : t('history.bySystem');
}

function changeText(form: FormView, entry: HistoryEntry, context: FormatContext): string {
  const { t } = context;
  if (entry.kind !== 'update') return t(`history.${entry.kind}`);
  return entry.changes
    .map((change) => {
      const field = fieldOf(form, change.field);
      if (field?.type === 'subform')
        return `${change.name}${t('common.colon')}${rowsText(field, change.before, change.after, context)}`;
      const show = (value: typeof change.before) =>
        (field ? formatField(field, value, context) : '') || t('history.empty');
      return t('history.change', { field: change.name, before: show(change.before), after: show(change.after) });
    })
    .join(t('common.semicolon'));
}

/** What a change did to a subform's rows, each in a few words. */
function rowsText(field: ReadField, before: Json, after: Json, context: FormatContext): string {
  const { t } = context;
  const fields = rowFields(field);
  const steps = rowSteps(
    before,
    after,
    fields.map((item) => item.key),
  );
  if (steps.length === 0) return t('history.rowsMoved');
  const texts = steps.slice(0, namedRows).map((step) => {
    const show = (key: string, values: RowStep['before']) => {
      const inner = fields.find((item) => item.key === key);
      return (inner ? formatField(inner, values[key], context) : '') || t('history.empty');
    };
    const facts = step.fields.map((key) => {
      const name = fields.find((item) => item.key === key)?.name ?? key;
      if (step.kind === 'changed') return `${name} ${show(key, step.before)} → ${show(key, step.after)}`;
      return `${name} ${show(key, step.kind === 'added' ? step.after : step.before)}`;
    });
    return t(`history.row.${step.kind}`, { n: String(step.at + 1), facts: facts.join(t('common.comma')) });
  });
  if (steps.length > namedRows) texts.push(t('history.rowsMore', { n: String(steps.length - namedRows) }));
  return texts.join(t('common.semicolon'));
}

function followUpItem(
  pointer: Pointer,
  record: RecordRow,
  customerFormId: string,
  context: FormatContext,
): TimelineItem | undefined {
  const fields = visitFields(pointer.form, customerFormId);
  if (!fields) return undefined;
  const at = Date.parse(String((fields.at && record.values[fields.at.key]) || record.values.createdAt));
  const owner = record.values.owner;
  const metres = fields.place ? distanceOf(record.values[fields.place.key]) : undefined;
  return {
    key: record.id,
    at: Number.isNaN(at) ? 0 : at,
    who: isRef(owner) ? owner.label : '',
    text: String(record.values[fields.content.key] ?? record.label),
    ...(metres === undefined ? {} : { note: toCustomerText(context.t, metres) }),
    record: { formId: pointer.form.id, id: record.id },
  };
}

export interface TimelineSources {
  history: readonly HistoryEntry[];
  comments: readonly Comment[];
  runs: readonly RunOfRecord[];
  followUps: { pointer: Pointer; records: readonly RecordRow[] } | undefined;
}

/** Which sources have entries that were not read yet. */
export type Unread = Partial<Record<keyof TimelineSources, boolean>>;

/**
 * A record's changes, follow-ups, comments and the flows it set off in one line of time, newest first. Of what has `more`
 * that was not read yet, the line ends with the oldest entry known: further ones would leave a gap.
 */
export function timelineOf(
  form: FormView,
  sources: TimelineSources,
  context: FormatContext,
  more: Unread = {},
): TimelineItem[] {
  const { history, followUps } = sources;
  const { t } = context;
  const changes = history.map((entry) => ({
    key: entry.id,
    at: Date.parse(entry.at),
    who: actorName(entry, context),
    text: changeText(form, entry, context),
  }));
  const visits = (followUps?.records ?? [])
    .map((record) => followUps && followUpItem(followUps.pointer, record, form.id, context))
    .filter((item): item is TimelineItem => !!item);
  const comments = sources.comments.map((comment) => ({
    key: comment.id as string,
    at: Date.parse(comment.at),
    who: comment.author.label,
    text: '',
    comment: { of: comment, parts: partsOf(comment.text, comment.mentions) },
  }));
  const runs = sources.runs.map((run) => ({
    key: run.id as string,
    at: Date.parse(run.startedAt),
    who: t('timeline.run', { name: run.flowName, state: t(`timeline.${run.state}`) }),
    text: run.error ?? '',
    failed: run.state === 'failed',
  }));
  const oldest = (items: readonly { at: number }[]) => items.reduce((least, { at }) => Math.min(least, at), Infinity);
  const end = Math.max(
    more.history ? oldest(changes) : 0,
    more.followUps ? oldest(visits) : 0,
    more.comments ? oldest(comments) : 0,
    more.runs ? oldest(runs) : 0,
  );
  return [...changes, ...visits, ...comments, ...runs].filter(({ at }) => at >= end).sort((a, b) => b.at - a.at);
}
