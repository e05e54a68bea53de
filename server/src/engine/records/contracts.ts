import type { BatchId, FieldId, FormId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { BatchResult } from '@lianke/shared/records/write';
import type { FormAccess } from '../access/form-access.js';
import type { FormMeta } from '../forms/form-meta.js';

/** A record's canonical values as stored, keyed by field id (system fields by their key). References are bare ids. */
export type StoredValues = Record<string, Json>;

export interface StoredRecord {
  id: RecordId;
  version: number;
  values: StoredValues;
}

export interface WriteRow {
  /** create: optional client id; update, delete, restore: the record. */
  id?: RecordId;
  /** By field key or field id. */
  values?: Record<string, Json>;
  /** Optimistic lock: a stale version answers `version_conflict`. */
  version?: number;
}

export interface WriteRequest {
  formId: FormId;
  op: 'create' | 'update' | 'upsert' | 'delete' | 'restore';
  rows: WriteRow[];
  /** upsert: field keys or ids whose values name the row to update. */
  matchOn?: string[];
  /** All rows or none: the first failing row rolls everything back. */
  atomic?: boolean;
  batchId?: BatchId;
  /** Rows written for several runs at once: which run each record's change comes from, and its batch. */
  origins?: ReadonlyMap<RecordId, { runId: RunId; batchId: BatchId }>;
  /** No events are raised (imports with flows off). */
  quiet?: boolean;
  /** A deletion that follows from another's relations: what hangs on its records was worked out there. */
  followed?: boolean;
  /** Import only: may set kept fields (createdAt, createdBy, the base of 最后联系时间). */
  trusted?: boolean;
  /** Each id of a new record belongs to what is written and to nothing else: one that was created is the same again. */
  knownById?: boolean;
  /** Values that stood in another record already (merging): the form's rules and locks are not asked. */
  settled?: boolean;
  /** Rights of a writer who is no member: visitors of a public form. */
  accessOf?: (form: FormMeta) => FormAccess;
  /** Owner of new records that name none; the writer himself when absent. */
  ownedBy?: MemberId;
}

export interface WriteOutcome {
  results: BatchResult[];
  batchId: BatchId;
}

/** Kinds of record events; each is a row written with the change when the form is watched. */
export type RecordEventKind = 'created' | 'updated' | 'deleted' | 'restored' | ApprovalEnd;

/** How an approval of a record ended; written when its run ends. */
export type ApprovalEnd = 'approved' | 'rejected' | 'withdrawn';

/** One row of `lianke.event`. Images are canonical values of the changed fields (all fields for a create). */
export interface RecordEvent {
  formId: FormId;
  recordId: RecordId;
  kind: RecordEventKind;
  before: StoredValues;
  after: StoredValues;
  changed: FieldId[];
}
