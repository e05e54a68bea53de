import { randomInt } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { AppPackage } from '@lianke/shared/apps/package';
import {
  type ExportPackageBody,
  type InstallChoice,
  type InstalledPackage,
  installChoice,
  type PackageOutline,
  type PackagePreview,
} from '@lianke/shared/apps/package-api';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { AppId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import { Database } from '../../../kernel/database/database.js';
import { AppError, reasonIn } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { CLOCK } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import { writeAudit } from '../../audit/write-audit.js';
import { memberOf, type TenantContext } from '../../context.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { TenantDirectory } from '../../org/tenant-directory.js';
import { AppsService } from '../apps.service.js';
import { PackageInstaller } from '../package-installer.js';
import { readGround } from './app-ground.js';
import { type Described, describeApp, type PackageLabel } from './describe-app.js';
import { withOutside } from './outside-forms.js';
import { PackageNames } from './package-names.js';
import { PackagePreviews } from './package-previews.js';
import {
  type AppOrigin,
  appsOf,
  claimFile,
  fileOf,
  finishFile,
  keepFile,
  keepOrigin,
  originOf,
  type ReadFile,
  releaseFile,
} from './package-store.js';
import { partsOf, valuesOf } from './parts.js';
import { packageBytes, readPackage } from './read-package.js';
import { SampleRows } from './sample-rows.js';

/** Apps as files: out of one company, into another, and up to a newer version. */
@Injectable()
export class PackagesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly tenants: TenantDirectory,
    private readonly apps: AppsService,
    private readonly installer: PackageInstaller,
    private readonly previews: PackagePreviews,
    private readonly samples: SampleRows,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What an export would hold; nothing is written. */
  async outline(ctx: TenantContext, appId: AppId): Promise<PackageOutline> {
    await this.access.requireDesign(ctx, appId);
    const { pack, names } = await this.describe(ctx, appId, {});
    return {
      name: pack.name,
      version: pack.version,
      description: pack.description,
      forms: pack.forms.map((form) => ({
        id: names.id(`form:${form.key}`) as never,
        name: form.name,
        fields: form.fields.length,
      })),
      flows: pack.flows.length,
      views: pack.forms.reduce((sum, form) => sum + form.views.length, 0),
      dashboards: pack.dashboards.length,
      roles: pack.roles.length,
      open: pack.open,
      left: pack.left,
    };
  }

  /** The app as a file. Its names are kept, so that the next version has the same. */
  async export(ctx: TenantContext, appId: AppId, body: ExportPackageBody): Promise<{ name: string; bytes: Buffer }> {
    await this.access.requireDesign(ctx, appId);
    const { pack: bare, names, base } = await this.describe(ctx, appId, body);
    const sample = await this.samples.take(
      ctx,
      body.sample.flatMap(({ formId, rows }) => {
        const key = names.token(formId)?.slice('form:'.length);
        return key !== undefined && bare.forms.some((form) => form.key === key) ? [{ formId, rows, key }] : [];
      }),
    );
    const pack: AppPackage = { ...bare, sample };
    const { origin = pack.key, key, version, description } = pack;
    await this.database.withTenant(ctx, async (tx) => {
      const now = this.clock.now();
      const remembered = { pack: valuesOf(partsOf(withOutside(pack, names))), base };
      await keepOrigin(tx, ctx, appId, { origin, key, version, description, names: names.kept(), ...remembered }, now);
      await writeAudit(tx, ctx, {
        action: 'app.export',
        object: appId,
        detail: { name: pack.name, version, count: sample.reduce((sum, { rows }) => sum + rows.length, 0) },
      });
    });
    const name = `${pack.name.replaceAll(/[\p{Cc}/\\:*?"<>|]/gu, '_')} ${version}.lianke.json`;
    return { name, bytes: Buffer.from(`${JSON.stringify(pack, null, 1)}\n`) };
  }

  /** Takes in a file and answers what installing it would do: as a new app, or over the one that came from it. */
  async read(
    ctx: TenantContext,
    upload: { name: string; content: Readable },
    language: Language,
  ): Promise<PackagePreview> {
    await this.access.requireSomeDesign(ctx);
    const pack = readPackage(await packageBytes(upload.content));
    const id = uuid7();
    const fileName = upload.name.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(-200) || 'app.json';
    const appId = await this.database.withTenant(ctx, async (tx) => {
      await keepFile(tx, ctx, { id, fileName, pack, by: memberOf(ctx), now: this.clock.now() });
      const { designs } = await this.access.designer(ctx);
      return (await appsOf(tx, pack)).find((app) => app.recorded && designs(app.id))?.id ?? null;
    });
    return this.previews.of(ctx, { id, fileName, pack }, installChoice.parse({ appId }), language);
  }

  async preview(ctx: TenantContext, id: string, choice: InstallChoice, language: Language): Promise<PackagePreview> {
    const { file_name: fileName, pack } = await this.file(ctx, id);
    return this.previews.of(ctx, { id, fileName, pack }, choice, language);
  }

  /** Installs once, however often it is asked; the same file answers what came of it the first time. */
  async install(ctx: TenantContext, id: string, choice: InstallChoice, language: Language): Promise<InstalledPackage> {
    const file = await this.file(ctx, id);
    if (file.state === 'installed') return this.installed(ctx, file);
    await this.installer.requireRight(ctx, file.pack, choice.appId);
    const now = this.clock.now();
    if (!(await this.database.withTenant(ctx, (tx) => claimFile(tx, id, now)))) {
      const done = await this.file(ctx, id);
      if (done.state === 'installed') return this.installed(ctx, done);
      throw new AppError('request_in_progress');
    }
    try {
      const { outcome, appId } = await this.installer.run(ctx, {
        pack: file.pack,
        choice,
        last: async (tx, app, done) => {
          const result = { ...done, sampleRows: 0, sampleProblem: null };
          if (!(await finishFile(tx, id, app, result))) throw new AppError('request_in_progress');
        },
      });
      const sampled = choice.sample && !choice.appId ? await this.putSample(ctx, file.pack, appId, language) : {};
      const result = { ...outcome, sampleRows: 0, sampleProblem: null, ...sampled };
      await this.database.withTenant(ctx, (tx) =>
        tx.run('UPDATE lianke.app_package SET result = $2 WHERE id = $1', [id, JSON.stringify(result)]),
      );
      return this.installed(ctx, { app_id: appId, result });
    } catch (error) {
      await this.database.withTenant(ctx, (tx) => releaseFile(tx, id));
      throw error;
    }
  }

  /** The app stands whatever becomes of its samples; what refused them is told. */
  private async putSample(
    ctx: TenantContext,
    pack: AppPackage,
    appId: AppId,
    language: Language,
  ): Promise<{ sampleRows?: number; sampleProblem?: string }> {
    const fresh = await this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause);
    try {
      return { sampleRows: await this.samples.putInto(fresh, pack.sample, appId) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { sampleProblem: reasonIn(error, language) };
    }
  }

  private async installed(
    ctx: TenantContext,
    { app_id, result }: Pick<ReadFile, 'app_id' | 'result'>,
  ): Promise<InstalledPackage> {
    const fresh = await this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause);
    const app = (await this.apps.list(fresh)).find((item) => item.id === app_id);
    if (!app || !result) throw new AppError('not_found');
    return { app, ...result };
  }

  private async file(ctx: TenantContext, id: string): Promise<ReadFile> {
    await this.access.requireSomeDesign(ctx);
    const file = await this.database.withTenant(ctx, (tx) => fileOf(tx, id, memberOf(ctx)));
    if (!file) throw new AppError('not_found');
    return file;
  }

  /** What runs, as a package; `base` is what designers have before them, for comparing with later. */
  private async describe(
    ctx: TenantContext,
    appId: AppId,
    { version, description }: Pick<ExportPackageBody, 'version' | 'description'>,
  ): Promise<Described & { base: AppOrigin['base'] }> {
    return this.database.withTenant(ctx, async (tx) => {
      const [forms, org] = [await this.registry.load(tx, ctx), await this.org.load(tx)];
      const before = await originOf(tx, appId);
      const ground = await readGround(tx, appId, forms, org);
      const label: PackageLabel = {
        origin: before ? (before.origin === before.key ? undefined : before.origin) : newOrigin(),
        key: before?.key ?? ground.app.key,
        version: version ?? nextVersion(before?.version),
        description: description ?? before?.description ?? '',
      };
      const told = before?.pack;
      const { pack, names: published } = describeApp(ground, new PackageNames(before?.names), label, 'published', told);
      const drafted = describeApp(ground, new PackageNames(published.kept()), label, 'draft', told);
      return { pack, names: drafted.names, base: valuesOf(partsOf(withOutside(drafted.pack, drafted.names))) };
    });
  }
}

function newOrigin(): string {
  return Array.from({ length: 20 }, () => randomInt(36).toString(36)).join('');
}

/** 1.0.0 first, then the next small step. */
function nextVersion(version: string | undefined): string {
  const [major = 1, minor = 0, patch = -1] = version?.split('.').map(Number) ?? [];
  return `${major}.${minor}.${patch + 1}`;
}
