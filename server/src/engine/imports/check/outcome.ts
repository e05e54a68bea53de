import type { RecordId } from '@lianke/shared/ids';
import type { issueKinds } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';

export type IssueKind = (typeof issueKinds)[number];

/** Something about a row that the check page counts. */
export interface RowIssue {
  kind: IssueKind;
  target: string;
  /** Field name, or the person's name as the file has it: rows of one subject stand behind one count. */
  subject: string;
  /** In words, for the row's own line. */
  message: string;
  /** Column of the sheet it is about. */
  column?: number;
}

/** One record that a row writes. */
export interface PlannedWrite {
  target: string;
  /** `change`: sets what the file has; `fill`: sets only what the record lacks. */
  op: 'create' | 'change' | 'fill';
  id: RecordId;
  /** By field key; a create leaves empty ones out. */
  values: Record<string, Json>;
}

export interface RowOutcome {
  /** 0-based. */
  row: number;
  /** `open`: waits for a choice. */
  state: 'import' | 'skipped' | 'refused' | 'open';
  /** Why it is not imported. */
  reason: string | null;
  writes: PlannedWrite[];
  issues: RowIssue[];
}
