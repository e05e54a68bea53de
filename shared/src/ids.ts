import { z } from 'zod';
import type { ShapeText } from './errors/shape-texts.js';

/** A string that stands for one kind of thing; mixing two kinds does not compile. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

export type TenantId = Id<'tenant'>;
export type MemberId = Id<'member'>;
export type DepartmentId = Id<'department'>;
export type RoleId = Id<'role'>;
export type AppId = Id<'app'>;
export type FormId = Id<'form'>;
export type FieldId = Id<'field'>;
export type RecordId = Id<'record'>;
export type ViewId = Id<'view'>;
export type BatchId = Id<'batch'>;
export type FlowId = Id<'flow'>;
export type NodeId = Id<'node'>;
export type RunId = Id<'run'>;
export type TaskId = Id<'task'>;
export type CopyId = Id<'copy'>;
export type SecretId = Id<'secret'>;
export type AwayId = Id<'away'>;
export type EventId = Id<'event'>;
export type DashboardId = Id<'dashboard'>;
export type WidgetId = Id<'widget'>;
export type SubscriptionId = Id<'subscription'>;
export type FileId = Id<'file'>;
export type ImportId = Id<'import'>;
export type ExportId = Id<'export'>;
export type CommentId = Id<'comment'>;
export type ConnectionId = Id<'connection'>;
export type SessionId = Id<'session'>;
export type MessageId = Id<'message'>;
export type ShareId = Id<'share'>;
export type ShareRequestId = Id<'shareRequest'>;
export type TargetId = Id<'target'>;
export type PreviewId = Id<'preview'>;
export type ApiKeyId = Id<'apiKey'>;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A lower-case uuid, branded as `Kind`. */
export function uuidOf<Kind extends string>() {
  return z
    .string()
    .regex(uuidPattern, 'uuid' satisfies ShapeText)
    .transform((value) => value as Id<Kind>);
}

/** True for a lower-case uuid of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuidPattern.test(value);
}

/** Field ids are `f_` + ten of [0-9a-z]; system fields use their reserved key (`owner`, `createdAt` …). */
export const fieldId = z
  .string()
  .regex(/^(f_[0-9a-z]{10}|owner|department|createdAt|createdBy|updatedAt|updatedBy)$/, 'field_id' satisfies ShapeText)
  .transform((value) => value as FieldId);

/** Field keys: immutable names in the API. They hold no underscore, so a key never equals a field id. */
export const fieldKeyPattern = /^[a-z][A-Za-z0-9]{0,39}$/;
