import { createHash } from 'node:crypto';
import type { ArrangeBody } from '@lianke/shared/apps/api';
import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { ViewDef } from '@lianke/shared/forms/views';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { RolePermissions } from '@lianke/shared/org/api';
import type { PoolSettings } from '@lianke/shared/pools/api';
import type { TargetBody } from '@lianke/shared/targets/api';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { TenantForms } from '../../forms/form-registry.js';
import type { Org } from '../../org/org-directory.js';

export interface RoleRow {
  id: string;
  key: string | null;
  name: string;
  permissions: RolePermissions;
  system: boolean;
}

export interface FlowRow {
  id: string;
  name: string;
  draft: FlowDefinition;
  published: FlowDefinition | null;
  enabled: boolean;
}

export interface PrintRow {
  id: string;
  form_id: FormId;
  name: string;
  file_name: string;
  is_default: boolean;
  content: Buffer;
}

/** Everything of one app as it is stored, and what of the company it may refer to. */
export interface AppGround {
  app: { id: AppId; key: string; name: string; icon: string | null; nav: ArrangeBody['items'] | null };
  forms: readonly FormMeta[];
  views: readonly { id: string; form_id: FormId; definition: ViewDef }[];
  flows: readonly FlowRow[];
  dashboards: readonly { id: string; name: string; definition: DashboardDefinition }[];
  pools: ReadonlyMap<string, PoolSettings>;
  targets: readonly { id: string; form_id: FormId; definition: TargetBody }[];
  prints: readonly PrintRow[];
  roles: readonly RoleRow[];
  /** Names of forms open to everybody, by form. */
  publicForms: readonly { form_id: FormId; name: string }[];
  all: TenantForms;
  otherFlows: readonly string[];
  otherApps: readonly { id: AppId; name: string }[];
  org: Org;
}

/** Reads an app whole, on one snapshot. Throws `not_found`. */
export async function readGround(tx: Tx, appId: AppId, all: TenantForms, org: Org): Promise<AppGround> {
  const [app] = await tx.sql<AppGround['app']>('SELECT id, key, name, icon, nav FROM lianke.app WHERE id = $1', [
    appId,
  ]);
  if (!app) throw new AppError('not_found');
  const forms = all.list.filter((form) => form.appId === appId);
  const ids = forms.map((form) => form.id);
  const views = await tx.sql<AppGround['views'][number]>(
    `SELECT id, form_id, definition FROM lianke.view WHERE form_id = ANY($1::uuid[]) AND owner_id IS NULL AND deleted_at IS NULL
     ORDER BY sort, created_at, id`,
    [ids],
  );
  const otherApps = await tx.sql<{ id: AppId; name: string }>('SELECT id, name FROM lianke.app WHERE id <> $1', [
    appId,
  ]);
  const flows = await tx.sql<FlowRow & { app_id: AppId }>(
    `SELECT f.id, f.app_id, f.name, f.draft, v.definition AS published, f.enabled FROM lianke.flow f
     LEFT JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
     ORDER BY f.created_at, f.id`,
  );
  const dashboards = await tx.sql<AppGround['dashboards'][number]>(
    'SELECT id, name, definition FROM lianke.dashboard WHERE app_id = $1 AND published ORDER BY sort, created_at, id',
    [appId],
  );
  const pools = await tx.sql<{ form_id: FormId; settings: PoolSettings }>(
    'SELECT form_id, settings FROM lianke.pool WHERE form_id = ANY($1::uuid[])',
    [ids],
  );
  const targets = await tx.sql<AppGround['targets'][number]>(
    'SELECT id, form_id, definition FROM lianke.target WHERE form_id = ANY($1::uuid[]) ORDER BY id',
    [ids],
  );
  const prints = await tx.sql<PrintRow>(
    `SELECT id, form_id, name, file_name, is_default, content FROM lianke.print_template WHERE form_id = ANY($1::uuid[])
     ORDER BY id`,
    [ids],
  );
  const roles = await tx.sql<RoleRow>('SELECT id, key, name, permissions, system FROM lianke.role ORDER BY name, id');
  const publicForms = await tx.sql<{ form_id: FormId; name: string }>(
    `SELECT form_id, settings->>'name' AS name FROM lianke.public_form WHERE form_id = ANY($1::uuid[]) ORDER BY id`,
    [ids],
  );
  return {
    app,
    forms,
    views,
    flows: flows.filter((flow) => flow.app_id === appId),
    otherFlows: flows.filter((flow) => flow.app_id !== appId).map(({ id }) => id),
    otherApps,
    dashboards,
    pools: new Map(pools.map((row) => [row.form_id, row.settings])),
    targets,
    prints,
    roles,
    publicForms,
    all,
    org,
  };
}

/** What stands for a file's content where only its being the same matters. */
export function contentHash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
