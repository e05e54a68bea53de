import type { Card } from '@lianke/shared/chat/cards';
import type { Topic } from '@lianke/shared/chat/topics';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';

/** A claimed row of `lianke.message`. */
export interface MessageRow {
  tenant_id: TenantId;
  id: string;
  member_id: MemberId;
  /** What it is written in, and says in the end how it ended. */
  language: Language;
  card: Card;
  about_kind: 'task' | 'record' | 'none';
  about_id: string | null;
  mergeable: boolean;
  topic: Topic | 'direct';
  urgent: boolean;
  held_until: string | null;
  state: 'queued' | 'sent' | 'failed' | 'skipped' | 'merged';
  connection_id: ConnectionId | null;
  userid: string | null;
  body: string | null;
  msgid: string | null;
  response_code: string | null;
  receipt: Json;
  error: string | null;
  /** Of `error` or of why it was not taken back, where the platform said that. */
  reason_words: Words | null;
  /** Since when nobody knows whether it has arrived. */
  unknown_since: string | null;
  outcome: string | null;
  outcome_state: 'pending' | 'done' | 'failed' | null;
  /** The platform has not said yet whether it reached the person. */
  unproven: boolean;
  recall_state: 'pending' | 'done' | 'marked' | 'failed' | null;
  attempts: number;
  epoch: number;
}
