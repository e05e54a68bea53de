import { type AppPackage, appPackage, packageParts } from '@lianke/shared/apps/package';
import type { AppId, DashboardId, FieldId, FormId, ViewId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { shapeError } from '../../kernel/errors/shape-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { nextDefinition } from '../forms/form-definition.js';
import { FormMeta } from '../forms/form-meta.js';
import { formTableSql } from '../forms/table-ddl.js';
import { OrgService } from '../org/org.service.js';
import { FlowInstaller } from '../ports.js';
import { bumpSchema } from '../versions.js';
import { AppsService } from './apps.service.js';

/** Names inside a package that stand for ids: `form:customer`, `role:manager`. */
class Names {
  readonly forms = new Map<string, FormId>();
  readonly roles = new Map<string, string>();
  readonly fields = new Map<string, Map<string, string>>();

  /** The value with every `form:` and `role:` name replaced; a name of nothing is refused. */
  resolve(value: unknown): unknown {
    if (typeof value === 'string') {
      const match = /^(form|role):([A-Za-z0-9]+)$/.exec(value);
      if (!match) return value;
      const id = (match[1] === 'form' ? this.forms : this.roles).get(match[2] ?? '');
      if (!id)
        throw refusal('invalid_definition', {
          zh: `应用包里没有 ${value}`,
          en: `the app package does not contain ${value}`,
        });
      return id;
    }
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
    return value;
  }
}

/** Installs an app from its package: all tables in one DDL transaction, then forms, roles, views, dashboards and flows in one more. */
@Injectable()
export class PackageInstaller {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly apps: AppsService,
    private readonly org: OrgService,
    private readonly flows: FlowInstaller,
  ) {}

  /** Answers the new app's id. A package that is installed already answers `already_exists`. */
  async install(ctx: TenantContext, raw: unknown): Promise<AppId> {
    await this.access.require(ctx, 'design');
    const parsed = appPackage.safeParse(raw);
    if (!parsed.success)
      throw shapeError('invalid_definition', parsed.error, raw, { root: { zh: '应用包', en: 'the package' } });
    const pack = parsed.data;
    const appId = uuid7() as AppId;
    const names = new Names();
    const forms = this.buildForms(ctx, appId, pack, names);
    await this.database.withTenant(ctx, (tx) => this.apps.requireFree(tx, pack));
    await this.database.ddl(ctx.tenantId, async (sql) => {
      for (const form of forms) for (const statement of formTableSql(undefined, form)) await sql(statement);
    });
    // One transaction: whoever finds the app finds all of it, also after a crash.
    await this.database.withTenant(ctx, async (tx) => {
      const { key, name, icon, version } = pack;
      await this.apps.insert(tx, ctx, { id: appId, key, name, icon, packageVersion: version });
      await this.storeForms(tx, ctx, forms);
      await this.storeRoles(tx, ctx, pack, names);
      await this.storePages(tx, ctx, appId, pack, names, forms);
      await this.flows.install(
        tx,
        ctx,
        appId,
        pack.flows.map((flow) => ({
          name: flow.name,
          enabled: flow.enabled,
          definition: packageParts.flow.parse(names.resolve(flow.definition)),
        })),
      );
    });
    return appId;
  }

  private buildForms(ctx: TenantContext, appId: AppId, pack: AppPackage, names: Names): FormMeta[] {
    for (const form of pack.forms) names.forms.set(form.key, uuid7() as FormId);
    const known = new Set<string>(names.forms.values());
    const now = new Date();
    const inputsOf = new Map(
      pack.forms.map((form) => [
        names.forms.get(form.key) as string,
        form.fields.map((field) => packageParts.field.parse(withoutSources(names.resolve(field)))),
      ]),
    );
    // Fields of a package have no ids yet: they are named by their keys, which say the same.
    const fieldOf = (formId: string, ref: string) => {
      const field = inputsOf.get(formId)?.find((item) => item.key === ref);
      return field && { ...field, id: ref as FieldId, key: ref };
    };
    const drafts = pack.forms.map((form) => {
      const inputs = inputsOf.get(names.forms.get(form.key) as string) ?? [];
      const layout = packageParts.layout.parse(form.layout ?? {});
      const settings = packageParts.settings.parse(form.settings ?? {});
      const definition = nextDefinition(
        undefined,
        { fields: inputs, layout, settings },
        { formExists: (id) => known.has(id), fieldOf },
        now,
      );
      return { form, definition };
    });
    for (const { form, definition } of drafts)
      names.fields.set(form.key, new Map(definition.fields.map((field) => [field.key, field.id])));
    for (const { form, definition } of drafts) resolveSources(form.fields, definition.fields as never, names);
    return drafts.map(
      ({ form, definition }) =>
        new FormMeta(
          ctx.tenantId,
          names.forms.get(form.key) as FormId,
          appId,
          form.key,
          form.name,
          1,
          false,
          definition,
          now.toISOString(),
        ),
    );
  }

  private async storeForms(tx: Tx, ctx: TenantContext, forms: readonly FormMeta[]): Promise<void> {
    for (const [index, form] of forms.entries()) {
      await tx.run(
        'INSERT INTO lianke.form (tenant_id, id, app_id, key, name, definition, sort) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [ctx.tenantId, form.id, form.appId, form.key, form.name, form.definition as never, index + 1],
      );
    }
    await bumpSchema(tx, ctx.tenantId);
  }

  private async storeRoles(tx: Tx, ctx: TenantContext, pack: AppPackage, names: Names): Promise<void> {
    for (const role of pack.roles) {
      const grants = Object.fromEntries(
        Object.entries(role.forms).map(([key, grant]) => [
          names.resolve(`form:${key}`),
          packageParts.grant.parse(names.resolve(grant)),
        ]),
      );
      const permissions = rolePermissions.parse({ design: role.design, forms: grants });
      const id = await this.org.insertRole(tx, ctx.tenantId, { name: role.name, key: role.key, permissions });
      names.roles.set(role.key, id);
    }
  }

  private async storePages(
    tx: Tx,
    ctx: TenantContext,
    appId: AppId,
    pack: AppPackage,
    names: Names,
    forms: readonly FormMeta[],
  ): Promise<void> {
    for (const [at, form] of pack.forms.entries()) {
      for (const [sort, view] of form.views.entries()) {
        await tx.run('INSERT INTO lianke.view (tenant_id, id, form_id, definition, sort) VALUES ($1, $2, $3, $4, $5)', [
          ctx.tenantId,
          uuid7() as ViewId,
          forms[at]?.id ?? '',
          packageParts.view.parse(names.resolve(view)) as never,
          sort,
        ]);
      }
    }
    for (const [sort, page] of pack.dashboards.entries()) {
      await tx.run(
        'INSERT INTO lianke.dashboard (tenant_id, id, app_id, name, definition, sort) VALUES ($1, $2, $3, $4, $5, $6)',
        [
          ctx.tenantId,
          uuid7() as DashboardId,
          appId,
          page.name,
          packageParts.dashboard.parse(names.resolve(page.definition)) as never,
          sort,
        ],
      );
    }
  }
}

interface LastContactField {
  key?: string;
  type?: string;
  config?: { sources?: { formId: string; relation: string; time: string }[] };
}

/** Sources of 最后联系时间 name fields of other forms by key; they get ids once all forms have theirs. */
function withoutSources(field: unknown): unknown {
  const last = field as LastContactField;
  return last.type === 'lastContact' ? { ...last, config: {} } : field;
}

function resolveSources(
  raw: readonly unknown[],
  fields: { key: string; type: string; config: Record<string, unknown> }[],
  names: Names,
): void {
  for (const input of raw as LastContactField[]) {
    if (input.type !== 'lastContact') continue;
    const target = fields.find((field) => field.key === input.key);
    if (!target) continue;
    target.config = {
      sources: (input.config?.sources ?? []).map((source) => {
        const key = source.formId.replace('form:', '');
        return {
          formId: names.resolve(source.formId),
          relation: names.fields.get(key)?.get(source.relation) ?? source.relation,
          time: names.fields.get(key)?.get(source.time) ?? source.time,
        };
      }),
    };
  }
}
