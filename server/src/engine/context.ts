import type { Language } from '@lianke/shared/errors/issue-text';
import type { ApiKeyId, BatchId, EventId, FlowId, FormId, MemberId, RunId, TenantId } from '@lianke/shared/ids';

/** Who acts. `system` passes every access check; it is never made from a request. */
export type Actor =
  | { kind: 'member'; memberId: MemberId }
  | {
      kind: 'system';
      name: 'flow' | 'seed' | 'sync' | 'recompute' | 'conversion' | 'undo' | 'retention' | 'public' | 'pool';
    };

/** Through which door a change comes; kept in history and on events. */
export type Door = 'console' | 'miniapp' | 'api' | 'import' | 'flow' | 'chat' | 'merge' | 'public' | 'undo' | 'system';

/** Why a change happens, for loop guards and run history. */
export interface Cause {
  door: Door;
  batchId?: BatchId;
  runId?: RunId;
  flowId?: FlowId;
  eventId?: EventId;
  /** The member on whose word the system acts: history names him. */
  by?: MemberId;
  /** How many flow runs led to this, one after the other; 0 for a person's own change. */
  depth: number;
}

/** A key of the open interface: it acts as a member, in these forms only (null: all of his), and designs and administers nothing. */
export interface ActingKey {
  id: ApiKeyId;
  forms: readonly string[] | null;
}

/** What every function that touches a tenant's data takes first. */
export interface TenantContext {
  tenantId: TenantId;
  /** IANA zone in which today, 本月 and schedules are meant. */
  timeZone: string;
  actor: Actor;
  cause: Cause;
  /** Counters read with the session (or by `TenantDirectory.versions`): they key the caches of access and metadata. */
  accessVersion: number;
  schemaVersion: number;
  traceId: string;
  /** What its person reads: answers and what is stored of his doing are told in it. Chinese where nobody asked for another. */
  language?: Language;
  /** The administrator who looks as the actor; nothing may be written then. */
  previewedBy?: MemberId;
  /** The key that the actor's request came with. */
  key?: ActingKey;
}

/** The member behind a context, or null for the system. */
export function memberOf(ctx: TenantContext): MemberId | null {
  return ctx.actor.kind === 'member' ? ctx.actor.memberId : null;
}

/** Who is named as having changed a record: the member, or the one on whose word the system acts. */
export function changer(ctx: TenantContext): MemberId | null {
  return memberOf(ctx) ?? ctx.cause.by ?? null;
}

/** The language that a context's person is answered in. */
export function languageIn(ctx: Pick<TenantContext, 'language'>): Language {
  return ctx.language ?? 'zh';
}

/** Names a form together with its tenant in messages between processes. */
export interface FormRef {
  tenantId: TenantId;
  formId: FormId;
}

declare module '../kernel/http/request-context.js' {
  interface RequestContext extends TenantContext {}
}
