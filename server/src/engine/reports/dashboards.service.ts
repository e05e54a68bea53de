import type {
  DashboardDefinition,
  DashboardView,
  DeletedItem,
  Widget,
  WidgetData,
} from '@lianke/shared/dashboards/definition';
import {
  initialValues,
  type PageFilterValues,
  pageConditions,
  usualFilters,
} from '@lianke/shared/dashboards/page-filters';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { AppId, DashboardId, DepartmentId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { binOf, inBin, keepInBin, leaveBin } from '../apps/app-bin.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { bumpSchema } from '../versions.js';
import { requireOwnOfLent } from './lent-pages.js';
import { MetricTargets } from './metric-targets.js';
import { WidgetCache } from './widget-cache.js';
import { brokenBecause, widgetData } from './widget-data.js';

const unseen: Words = { zh: '没有权限查看', en: 'You may not see it' };
const unseenField: Words = { zh: '没有权限查看其中的字段', en: 'You may not see a field that it uses' };
const faulty: Words = {
  zh: '组件的设置有误，请重新选择字段或筛选条件',
  en: 'Its settings are not valid; choose its fields or conditions anew',
};

interface DashboardRow {
  id: DashboardId;
  app_id: AppId;
  name: string;
  definition: DashboardDefinition;
  version: number;
  published: boolean;
  draft: DashboardDefinition | null;
  updated_at: string;
}

const columns = 'id, app_id, name, definition, version, published, draft, updated_at';
/** Columns that come back from the recycle bin, as they are and where what lies there is from before they existed. */
const kept =
  'tenant_id, id, app_id, name, definition, version, sort, created_at, updated_at, draft, draft_version, draft_by, draft_at';
const keptSince = { published: 'true', draft_revision: '0' };

/** Pages of widgets. Everybody in the app may open one; each sees his own rows behind it. */
@Injectable()
export class DashboardsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly cache: WidgetCache,
    private readonly targets: MetricTargets,
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(ctx: TenantContext, appId?: AppId): Promise<DashboardView[]> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<DashboardRow>(
        `SELECT ${columns} FROM lianke.dashboard WHERE $1::uuid IS NULL OR app_id = $1 ORDER BY sort, created_at, id`,
        [appId ?? null],
      ),
    );
    const open = new Map<AppId, boolean>();
    for (const { app_id } of rows) if (!open.has(app_id)) open.set(app_id, await this.opensApp(ctx, app_id));
    const views = await Promise.all(rows.filter((row) => open.get(row.app_id)).map((row) => this.present(ctx, row)));
    return views.filter((view) => view.published || view.mayEdit);
  }

  async get(ctx: TenantContext, id: DashboardId): Promise<DashboardView> {
    return this.present(ctx, await this.row(ctx, id));
  }

  async create(
    ctx: TenantContext,
    input: { appId: AppId; name: string; definition: DashboardDefinition; publish?: boolean },
  ): Promise<DashboardView> {
    await this.access.requireDesign(ctx, input.appId);
    const id = uuid7() as DashboardId;
    const { publish = true, definition } = input;
    const blank: DashboardDefinition = { widgets: [] };
    await this.database.withTenant(ctx, async (tx) => {
      if ((await tx.sql('SELECT 1 FROM lianke.app WHERE id = $1', [input.appId])).length === 0)
        throw new AppError('not_found');
      await tx.run(
        `INSERT INTO lianke.dashboard (tenant_id, id, app_id, name, definition, published, draft, draft_version, draft_by, draft_at, sort)
         VALUES ($1,$2,$3,$4,$5,$6,$7,1,$8,$9,(SELECT coalesce(max(sort), 0) + 1 FROM lianke.dashboard WHERE app_id = $3))`,
        [
          ...[ctx.tenantId, id, input.appId, input.name, (publish ? definition : blank) as never, publish],
          ...[publish ? null : (definition as never), memberOf(ctx), this.clock.now()],
        ],
      );
      await bumpSchema(tx, ctx.tenantId);
    });
    return this.get(ctx, id);
  }

  async update(
    ctx: TenantContext,
    id: DashboardId,
    change: { name?: string | undefined; definition?: DashboardDefinition | undefined; version?: number | undefined },
  ): Promise<DashboardView> {
    const before = await this.row(ctx, id);
    await this.access.requireDesign(ctx, before.app_id);
    const forms = await this.registry.all(ctx);
    const changed = await this.database.withTenant(ctx, async (tx) => {
      const { definition } = change;
      if (definition) {
        const [own, pages] = [{ access: this.access, forms }, [before.definition, definition] as const];
        await requireOwnOfLent(tx, ctx, own, id, pages);
      }
      return tx.run(
        // A new name alone makes no draft an older one.
        `UPDATE lianke.dashboard SET name = $2, definition = coalesce($3::jsonb, definition), published = published OR $3::jsonb IS NOT NULL,
           version = version + 1, updated_at = now(),
           draft_version = CASE WHEN draft_version = version AND $3::jsonb IS NULL THEN version + 1 ELSE draft_version END
         WHERE id = $1 AND version = $4`,
        [id, change.name ?? before.name, (definition ?? null) as never, change.version ?? before.version],
      );
    });
    if (changed === 0) throw new AppError('version_conflict', {}, { current: await this.get(ctx, id) });
    return this.get(ctx, id);
  }

  /** Moves a page into its app's recycle bin. */
  async remove(ctx: TenantContext, id: DashboardId): Promise<void> {
    const { app_id: appId, name } = await this.row(ctx, id);
    await this.access.requireDesign(ctx, appId);
    const now = this.clock.now();
    await this.database.withTenant(ctx, async (tx) => {
      const [gone] = await tx.sql<{ row: unknown }>(
        'DELETE FROM lianke.dashboard d WHERE id = $1 RETURNING to_jsonb(d) AS row',
        [id],
      );
      if (!gone) throw new AppError('not_found');
      await keepInBin(tx, ctx, { kind: 'dashboard', id, appId, name, content: { dashboard: gone.row } }, now);
      await bumpSchema(tx, ctx.tenantId);
    });
  }

  /** Deleted pages of an app, the last deleted first. */
  async deleted(ctx: TenantContext, appId: AppId): Promise<DeletedItem[]> {
    await this.access.requireDesign(ctx, appId);
    const org = await this.org.of(ctx);
    return this.database.withTenant(ctx, (tx) => binOf(tx, 'dashboard', appId, org, languageIn(ctx)));
  }

  /** Brings a deleted page back as it was; whoever restores what is there already gets it as it is. */
  async restore(ctx: TenantContext, id: DashboardId): Promise<DashboardView> {
    await this.database.withTenant(ctx, async (tx) => {
      const found = await inBin(tx, 'dashboard', id);
      if (!found) return;
      await this.access.requireDesign(ctx, found.appId);
      await tx.run(
        `INSERT INTO lianke.dashboard (${kept}, ${Object.keys(keptSince).join()})
         SELECT ${kept}, ${Object.entries(keptSince).map(([column, old]) => `coalesce(${column}, ${old})`)}
         FROM jsonb_populate_record(NULL::lianke.dashboard, $1::jsonb)`,
        [JSON.stringify(found.content.dashboard)],
      );
      await leaveBin(tx, id);
      await bumpSchema(tx, ctx.tenantId);
    });
    const row = await this.row(ctx, id);
    await this.access.requireDesign(ctx, row.app_id);
    return this.present(ctx, row);
  }

  /**
   * Data of every widget, under the reader's rights. `values` are those of the filter bar; without them the page shows
   * what it opens with.
   * @param of the draft is its designers' alone
   */
  async data(
    ctx: TenantContext,
    id: DashboardId,
    values?: PageFilterValues,
    of: 'published' | 'draft' = 'published',
  ): Promise<WidgetData[]> {
    const row = await this.row(ctx, id);
    if (of === 'draft') await this.access.requireDesign(ctx, row.app_id);
    const definition = (of === 'draft' ? row.draft : null) ?? row.definition;
    const filters = definition.filters ?? usualFilters;
    const chosen = values ?? initialValues(filters);
    const org = await this.org.of(ctx);
    const below = (department: string) => org.descendants(department as DepartmentId);
    // One after the other: a request holds at most one connection.
    const widgets: WidgetData[] = [];
    for (const widget of definition.widgets) {
      const conditions = pageConditions(filters, chosen, widget.formId, below);
      const asked = [...(widget.filter ? [widget.filter] : []), ...conditions];
      const narrowed =
        conditions.length === 0 ? widget : { ...widget, filter: asked.length > 1 ? { and: asked } : asked[0] };
      widgets.push(await this.widget(ctx, narrowed));
    }
    return widgets;
  }

  async widget(ctx: TenantContext, widget: Widget): Promise<WidgetData> {
    const form = (await this.registry.all(ctx)).get(widget.formId);
    const broken = brokenBecause(widget, form);
    const language = languageIn(ctx);
    if (!form || broken) return { id: widget.id, kind: 'broken', message: broken?.[language] ?? '' };
    if (!(await this.access.can(ctx, form.id, 'view')))
      return { id: widget.id, kind: 'broken', message: unseen[language] };
    try {
      const data = await this.cache.get(ctx, form, widget, () =>
        widgetData(widget, form, {
          aggregate: (formId, query) => this.reader.aggregate(ctx, formId, query),
          query: (formId, query) => this.reader.query(ctx, formId, query),
        }),
      );
      if (widget.type !== 'metric' || !widget.target || data.kind !== 'value') return data;
      // A target is the reader's own; the figure beside it may be shared with who sees the same rows.
      return { ...data, target: await this.targets.of(ctx, widget, form) };
    } catch (error) {
      if (
        !(error instanceof AppError) ||
        !['unknown_field', 'field_masked', 'operator_not_allowed', 'invalid_filter_value', 'not_found'].includes(
          error.code,
        )
      )
        throw error;
      return {
        id: widget.id,
        kind: 'broken',
        message: (error.code === 'unknown_field' || error.code === 'field_masked' ? unseenField : faulty)[language],
      };
    }
  }

  private async row(ctx: TenantContext, id: DashboardId): Promise<DashboardRow> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<DashboardRow>(`SELECT ${columns} FROM lianke.dashboard WHERE id = $1`, [id]),
    );
    if (!row) throw new AppError('not_found');
    if (memberOf(ctx) === null) return row;
    const open = row.published ? this.opensApp(ctx, row.app_id) : this.access.mayDesign(ctx, row.app_id);
    if (!(await open)) throw new AppError('not_found');
    return row;
  }

  private async opensApp(ctx: TenantContext, appId: AppId): Promise<boolean> {
    if (await this.access.mayDesign(ctx, appId)) return true;
    if (!(await this.access.maySeeApp(ctx, appId))) return false;
    for (const form of await this.registry.forms(ctx))
      if (form.appId === appId && (await this.access.can(ctx, form.id, 'view'))) return true;
    return false;
  }

  private async present(ctx: TenantContext, row: DashboardRow): Promise<DashboardView> {
    const mayEdit = await this.access.mayDesign(ctx, row.app_id);
    return {
      id: row.id,
      appId: row.app_id,
      name: row.name,
      definition: row.definition,
      version: row.version,
      published: row.published,
      hasDraft: mayEdit && row.draft !== null,
      mayEdit,
      updatedAt: row.updated_at,
    };
  }
}
