import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { ReadField } from '../../api/queries.js';

/** Head of a group of records: what they share, how many they are, and sums by field key. */
export interface GroupItem {
  kind: 'group';
  key: string;
  level: number;
  field: ReadField;
  /** As the API reads it; null for records without a value. */
  value: Json;
  /** First date of a period, with its unit. */
  unit?: 'day' | 'week' | 'month' | 'quarter' | 'year' | undefined;
  count: number;
  sums: Readonly<Record<string, string>>;
  open: boolean;
}

/** Records that are still to be read; `key` names whose, for asking. */
export interface WaitItem {
  kind: 'wait';
  key: string;
}

/** Records of a group that could not be read, and why. */
export interface FailedItem {
  kind: 'failed';
  key: string;
  error: unknown;
}

/** One row of the table as it stands on screen. */
export type GridItem = RecordItem | GroupItem | WaitItem | FailedItem;

export interface RecordItem {
  kind: 'record';
  record: RecordView;
  /** The group it stands in: with a list of values a record stands in several. */
  group?: string;
}

/** The record of a row; none on heads of groups and rows on their way. */
export function recordOf(item: GridItem | undefined): RecordView | undefined {
  return item?.kind === 'record' ? item.record : undefined;
}

/** What React tells rows apart by. */
export function keyOf(item: GridItem): string {
  return item.kind === 'record' ? `${item.group ?? ''}${item.record.id}` : `${item.kind}:${item.key}`;
}

/**
 * The rows while a cell is edited: they stand where they stood when it began, with what others changed since, so that
 * nothing moves under the typing. The edited record itself stays as it was: it is what the edit is compared with.
 */
export function heldStill(before: readonly GridItem[], now: readonly GridItem[], edited: string): GridItem[] {
  const fresh = new Map(now.map((item) => [keyOf(item), item]));
  return before.map((item) => (recordOf(item)?.id === edited ? item : (fresh.get(keyOf(item)) ?? item)));
}
