import type { AnswerOf } from '@lianke/shared/api/contracts';
import { formatField } from '../fields/registry.js';
import type { FormatContext } from '../fields/types.js';
import { fieldOf, type Pointer } from './forms.js';
import { type FormView, isRef, type RecordRow } from './record-types.js';
import { visitFields } from './visit-form.js';

export type HistoryEntry = AnswerOf<'records.history'>['items'][number];
export interface TimelineItem {
  key: string;
  at: number;
  who: string;
  text: string;
  /** A follow-up: opens it. */
  record?: { formId: string; id: string };
}

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
      const show = (value: typeof change.before) =>
        (field ? formatField(field, value, context) : '') || t('history.empty');
      return t('history.change', { field: change.name, before: show(change.before), after: show(change.after) });
    })
    .join(t('common.semicolon'));
}

function followUpItem(pointer: Pointer, record: RecordRow, customerFormId: string): TimelineItem | undefined {
  const fields = visitFields(pointer.form, customerFormId);
  if (!fields) return undefined;
  const at = Date.parse(String((fields.at && record.values[fields.at.key]) || record.values.createdAt));
  const owner = record.values.owner;
  return {
    key: record.id,
    at: Number.isNaN(at) ? 0 : at,
    who: isRef(owner) ? owner.label : '',
    text: String(record.values[fields.content.key] ?? record.label),
    record: { formId: pointer.form.id, id: record.id },
  };
}

/** A record's changes and its follow-ups in one line of time, newest first. */
export function timelineOf(
  form: FormView,
  history: readonly HistoryEntry[],
  followUps: { pointer: Pointer; records: readonly RecordRow[] } | undefined,
  context: FormatContext,
): TimelineItem[] {
  const changes = history.map((entry) => ({
    key: entry.id,
    at: Date.parse(entry.at),
    who: actorName(entry, context),
    text: changeText(form, entry, context),
  }));
  const visits = (followUps?.records ?? [])
    .map((record) => followUps && followUpItem(followUps.pointer, record, form.id))
    .filter((item): item is TimelineItem => !!item);
  return [...changes, ...visits].sort((a, b) => b.at - a.at);
}
