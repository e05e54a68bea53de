import type { AppView, ArrangeBody } from '@lianke/shared/apps/api';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { AppId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import { keyFromName } from '../forms/field-keys.js';
import { FormRegistry } from '../forms/form-registry.js';
import { bumpSchema } from '../versions.js';

interface AppRow {
  id: AppId;
  key: string;
  name: string;
  icon: string | null;
  nav: ArrangeBody['items'] | null;
  trial: boolean;
}

export interface AppInput {
  /** Made here when absent. */
  id?: AppId;
  name: string;
  key?: string | undefined;
  icon?: string | undefined;
  packageVersion?: string;
}

/** Containers of forms, flows and dashboards, as the reader may open them. */
@Injectable()
export class AppsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
  ) {}

  /** Apps in which the reader may open something; designers see all of them. */
  async list(ctx: TenantContext): Promise<AppView[]> {
    const { designs } = await this.access.designer(ctx);
    const forms = await this.registry.forms(ctx);
    const readable = new Set<string>();
    for (const form of forms) if (await this.access.can(ctx, form.id, 'view')) readable.add(form.id);
    const { apps, dashboards } = await this.database.withTenant(ctx, async (tx) => {
      const [apps, dashboards] = await Promise.all([
        tx.sql<AppRow>(
          'SELECT id, key, name, icon, nav, trial IS NOT NULL AS trial FROM lianke.app ORDER BY sort, created_at, id',
        ),
        tx.sql<{ id: string; app_id: AppId; name: string; published: boolean }>(
          'SELECT id, app_id, name, published FROM lianke.dashboard ORDER BY sort, created_at, id',
        ),
      ]);
      return { apps, dashboards };
    });
    return apps
      .map(({ nav, ...app }) => ({
        ...app,
        items: arranged(nav, [
          ...dashboards
            .filter((item) => item.app_id === app.id && (item.published || designs(app.id)))
            .map((item) => ({
              kind: 'dashboard' as const,
              id: item.id,
              key: item.id,
              name: item.name,
              group: null,
              icon: null,
            })),
          ...forms
            .filter((form) => form.appId === app.id && readable.has(form.id))
            .map((form) => ({
              kind: 'form' as const,
              id: form.id,
              key: form.key,
              name: form.name,
              group: form.settings.group ?? null,
              icon: form.settings.icon ?? null,
            })),
        ]),
        mayDesign: designs(app.id),
      }))
      .filter((app) => designs(app.id) || app.items.some((item) => item.kind === 'form'));
  }

  async create(ctx: TenantContext, input: AppInput): Promise<AppView> {
    await this.access.require(ctx, 'design');
    return this.database.withTenant(ctx, (tx) => this.insert(tx, ctx, input));
  }

  /** Order and groups of an app's navigation, for everybody. */
  async arrange(ctx: TenantContext, appId: AppId, body: ArrangeBody): Promise<AppView> {
    await this.access.requireDesign(ctx, appId);
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.app SET nav = $2 WHERE id = $1', [appId, JSON.stringify(body.items)]),
    );
    return this.one(ctx, appId);
  }

  private async one(ctx: TenantContext, appId: AppId): Promise<AppView> {
    const app = (await this.list(ctx)).find((item) => item.id === appId);
    if (!app) throw new AppError('not_found');
    return app;
  }

  /** Throws `already_exists` for another app's name. */
  async rename(ctx: TenantContext, appId: AppId, name: string): Promise<AppView> {
    await this.access.requireDesign(ctx, appId);
    await this.database.withTenant(ctx, async (tx) => {
      const before = await nameOf(tx, appId);
      if (before === name) return;
      await this.requireFree(tx, { name });
      await tx.run('UPDATE lianke.app SET name = $2 WHERE id = $1', [appId, name]);
      await writeAudit(tx, ctx, { action: 'app.rename', object: appId, detail: { before, after: name } });
    });
    return this.one(ctx, appId);
  }

  /** Deletes an app that holds nothing any more, neither in use nor in the recycle bin; else `in_use` says what it holds. */
  async remove(ctx: TenantContext, appId: AppId): Promise<void> {
    await this.access.require(ctx, 'design');
    await this.database.withTenant(ctx, async (tx) => {
      const name = await nameOf(tx, appId);
      const [held] = await tx.sql<{ forms: number; flows: number; dashboards: number; binned: number }>(
        `SELECT (SELECT count(*) FROM lianke.form WHERE app_id = $1 AND deleted_at IS NULL)::int AS forms,
                (SELECT count(*) FROM lianke.flow WHERE app_id = $1)::int AS flows,
                (SELECT count(*) FROM lianke.dashboard WHERE app_id = $1)::int AS dashboards,
                (SELECT count(*) FROM lianke.form WHERE app_id = $1 AND deleted_at IS NOT NULL)::int
                  + (SELECT count(*) FROM lianke.app_bin WHERE app_id = $1)::int AS binned`,
        [appId],
      );
      const { forms = 0, flows = 0, dashboards = 0, binned = 0 } = held ?? {};
      const found: Words[] = [
        ...(forms ? [{ zh: `${forms} 个表单`, en: `forms: ${forms}` }] : []),
        ...(flows ? [{ zh: `${flows} 个流程`, en: `flows: ${flows}` }] : []),
        ...(dashboards ? [{ zh: `${dashboards} 个看板`, en: `dashboards: ${dashboards}` }] : []),
        ...(binned ? [{ zh: `回收站里 ${binned} 项`, en: `in the recycle bin: ${binned}` }] : []),
      ];
      if (found.length > 0)
        throw refusal('in_use', {
          zh: `应用「${name}」里还有${found.map(({ zh }) => zh).join('、')}`,
          en: `app "${name}" still holds things (${found.map(({ en }) => en).join(', ')}); delete them first`,
        });
      await tx.run('DELETE FROM lianke.app_origin WHERE app_id = $1', [appId]);
      await tx.run('DELETE FROM lianke.app WHERE id = $1', [appId]);
      await writeAudit(tx, ctx, { action: 'app.delete', object: appId, detail: { name } });
      await bumpSchema(tx, ctx.tenantId);
    });
  }

  /** {@link create} as part of a larger change. */
  async insert(tx: Tx, ctx: TenantContext, input: AppInput): Promise<AppView> {
    const id = input.id ?? (uuid7() as AppId);
    const taken = await this.requireFree(tx, input);
    const key = input.key ?? keyFromName(input.name, taken);
    await tx.run(
      'INSERT INTO lianke.app (tenant_id, id, key, name, icon, package_version, sort) VALUES ($1, $2, $3, $4, $5, $6, (SELECT coalesce(max(sort), 0) + 1 FROM lianke.app))',
      [ctx.tenantId, id, key, input.name, input.icon ?? null, input.packageVersion ?? null],
    );
    await bumpSchema(tx, ctx.tenantId);
    return { id, key, name: input.name, icon: input.icon ?? null, items: [], mayDesign: true, trial: false };
  }

  /** Refuses a name or key that an app has already; answers the keys in use. */
  async requireFree(tx: Tx, input: Pick<AppInput, 'name' | 'key'>): Promise<Set<string>> {
    const taken = await tx.sql<{ key: string; name: string }>('SELECT key, name FROM lianke.app');
    if (taken.some((row) => row.name === input.name)) throw new AppError('already_exists', { name: input.name });
    if (input.key && taken.some((row) => row.key === input.key))
      throw new AppError('already_exists', { name: input.key });
    return new Set(taken.map((row) => row.key));
  }
}

async function nameOf(tx: Tx, appId: AppId): Promise<string> {
  const [app] = await tx.sql<{ name: string }>('SELECT name FROM lianke.app WHERE id = $1 FOR UPDATE', [appId]);
  if (!app) throw new AppError('not_found');
  return app.name;
}

/** Items in the arranged order and groups; those that nobody arranged follow as they are. */
function arranged(nav: ArrangeBody['items'] | null, items: AppView['items']): AppView['items'] {
  if (!nav) return items;
  const place = new Map(nav.map((item, index) => [`${item.kind}/${item.id}`, { index, group: item.group }]));
  const at = (item: AppView['items'][number]) => place.get(`${item.kind}/${item.id}`);
  return items
    .map((item) => ({ ...item, group: at(item) ? (at(item)?.group ?? null) : item.group }))
    .sort((a, b) => (at(a)?.index ?? nav.length) - (at(b)?.index ?? nav.length));
}
