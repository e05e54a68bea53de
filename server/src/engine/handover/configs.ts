import type { HandoverKind } from '@lianke/shared/handover/api';

/** Things whose definition may name a member. */
export interface ConfigTable {
  kind: HandoverKind;
  /** In schema `lianke`. */
  table: string;
  /** Its key beside the company; `id` when absent. */
  key?: string;
  /** The jsonb column that names him. */
  column: string;
  /** SQL of the thing's name, over its row `q`. */
  name: string;
  /** SQL that leaves out what is gone. */
  where: string;
  /** What compiled copies of it follow. */
  bumps: 'access' | 'schema' | 'none';
}

export const configTables: readonly ConfigTable[] = [
  {
    kind: 'forms',
    table: 'form',
    column: 'definition',
    name: 'q.name',
    where: 'q.deleted_at IS NULL',
    bumps: 'schema',
  },
  {
    kind: 'formDrafts',
    table: 'form_draft',
    key: 'form_id',
    column: 'design',
    name: '(SELECT f.name FROM lianke.form f WHERE f.id = q.form_id)',
    where: 'true',
    bumps: 'none',
  },
  {
    kind: 'views',
    table: 'view',
    column: 'definition',
    name: `coalesce(q.definition->>'name', '')`,
    where: 'true',
    bumps: 'schema',
  },
  { kind: 'dashboards', table: 'dashboard', column: 'definition', name: 'q.name', where: 'true', bumps: 'none' },
  {
    kind: 'dashboardDrafts',
    table: 'dashboard',
    column: 'draft',
    name: 'q.name',
    where: 'q.draft IS NOT NULL',
    bumps: 'none',
  },
  {
    kind: 'pools',
    table: 'pool',
    key: 'form_id',
    column: 'settings',
    name: '(SELECT f.name FROM lianke.form f WHERE f.id = q.form_id)',
    where: 'true',
    bumps: 'access',
  },
  {
    kind: 'publicForms',
    table: 'public_form',
    column: 'settings',
    name: `coalesce(q.settings->>'name', '')`,
    where: 'true',
    bumps: 'none',
  },
  { kind: 'roles', table: 'role', column: 'permissions', name: 'q.name', where: 'true', bumps: 'access' },
  { kind: 'apps', table: 'app', column: 'access', name: 'q.name', where: 'true', bumps: 'access' },
  { kind: 'trials', table: 'app', column: 'trial', name: 'q.name', where: 'q.trial IS NOT NULL', bumps: 'access' },
];

/** Things of which one column names him. `$1` is the member, `$2` now. */
export interface ColumnTable {
  kind: HandoverKind;
  table: string;
  column: string;
  /** SQL of the thing's name, over its row `q`, where it has one. */
  name?: string;
  where: string;
  /** SQL, over `q`, that forbids giving it to `$3`: he has one of his own already. */
  unless: string;
  bumps: 'access' | 'schema' | 'none';
}

export const columnTables: readonly ColumnTable[] = [
  {
    kind: 'shares',
    table: 'record_share',
    column: 'principal_id',
    where: `q.principal_kind = 'member' AND (q.expires_at IS NULL OR q.expires_at > $2)`,
    unless: 'EXISTS (SELECT 1 FROM lianke.record_share o WHERE o.record_id = q.record_id AND o.principal_id = $3)',
    bumps: 'access',
  },
  {
    kind: 'links',
    table: 'record_link',
    column: 'created_by',
    where: 'q.revoked_at IS NULL AND q.expires_at > $2',
    unless: 'false',
    bumps: 'none',
  },
  {
    kind: 'people',
    table: 'member',
    column: 'manager_id',
    name: 'q.name',
    where: `q.state <> 'left' AND $2::timestamptz IS NOT NULL`,
    unless: 'q.id = $3',
    bumps: 'access',
  },
  {
    kind: 'aways',
    table: 'away',
    column: 'to_id',
    where: 'q.until_at > $2',
    unless: 'q.member_id = $3',
    bumps: 'none',
  },
  {
    kind: 'ownViews',
    table: 'view',
    column: 'owner_id',
    name: `coalesce(q.definition->>'name', '')`,
    where: '$2::timestamptz IS NOT NULL',
    unless: 'false',
    bumps: 'schema',
  },
  {
    kind: 'reminders',
    table: 'reminder',
    column: 'member_id',
    name: `coalesce(q.card->>'title', '')`,
    where: '$2::timestamptz IS NOT NULL',
    unless: 'EXISTS (SELECT 1 FROM lianke.reminder o WHERE o.record_id = q.record_id AND o.member_id = $3)',
    bumps: 'none',
  },
];
