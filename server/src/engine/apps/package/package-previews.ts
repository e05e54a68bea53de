import type { AppPackage } from '@lianke/shared/apps/package';
import type { InstallChoice, PackagePart, PackagePreview } from '@lianke/shared/apps/package-api';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AppError, reasonIn } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { FormSets } from '../../forms/form-set.js';
import { PackageInstaller } from '../package-installer.js';
import type { PlannedPart } from './install-plan.js';
import { PackagePlanner } from './package-planner.js';
import { appsOf } from './package-store.js';
import { freeName } from './wanted-form.js';

/** What installing a package would do, in words; nothing is written. */
@Injectable()
export class PackagePreviews {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly planner: PackagePlanner,
    private readonly sets: FormSets,
    private readonly installer: PackageInstaller,
  ) {}

  async of(
    ctx: TenantContext,
    file: { id: string; fileName: string; pack: AppPackage },
    choice: InstallChoice,
    language: Language,
  ): Promise<PackagePreview> {
    const { pack } = file;
    if (choice.appId) await this.installer.requireRight(ctx, pack, choice.appId);
    const [{ admin, design }, { designs }] = [await this.access.permissions(ctx), await this.access.designer(ctx)];
    const found = await this.database.withTenant(ctx, async (tx) => {
      const apps = (await appsOf(tx, pack)).filter((app) => designs(app.id));
      const taken = await tx.sql<{ name: string }>('SELECT name FROM lianke.app');
      const planned = await this.planner.begin(tx, ctx, pack, choice);
      let faults = new Map<string, Words[]>();
      let problem: AppError | undefined;
      try {
        ({ faults } = await this.planner.complete(tx, ctx, planned));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        problem = error;
      }
      return { apps, names: new Set(taken.map(({ name }) => name)), planned, faults, problem };
    });
    const { planned, names, apps } = found;
    const problem = found.problem ?? (await this.refused(ctx, planned.plan.set, choice, names));
    const target = apps.find((app) => app.id === choice.appId);
    const sameRoles = planned.roles.filter((role) => pack.roles.some((item) => item.name === role.name));
    return {
      id: file.id as never,
      fileName: file.fileName,
      name: pack.name,
      version: pack.version,
      description: pack.description,
      apps: apps.map((app) => ({ ...app })),
      mayInstallNew: design,
      mayJoinRoles: admin,
      sameRoles: choice.appId ? [] : sameRoles.map((role) => role.name),
      choice,
      appName: target?.name ?? choice.name ?? freeName(pack.name, names),
      older: target !== undefined && !newer(pack.version, target.version),
      parts: planned.plan.parts.map((part) => presented(part, found.faults.get(part.token) ?? [], language)),
      open: pack.open.map((item) => {
        const token = `${item.kind}:${item.key}`;
        return { ...item, token, filled: planned.filled.has(token) };
      }),
      left: pack.left,
      through: planned.through,
      sampleRows: pack.sample.reduce((sum, { rows }) => sum + rows.length, 0),
      problem: problem ? reasonIn(problem, language) : null,
    };
  }

  /** What only asking the data, or the reader's rights, tells. */
  private async refused(
    ctx: TenantContext,
    set: Parameters<FormSets['check']>[1] | undefined,
    choice: InstallChoice,
    names: ReadonlySet<string>,
  ): Promise<AppError | undefined> {
    try {
      if (!choice.appId) {
        await this.access.require(ctx, 'design');
        if (choice.name !== undefined && names.has(choice.name))
          throw new AppError('already_exists', { name: choice.name });
      }
      if (set) await this.sets.check(ctx, set);
      return undefined;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }
}

function presented(
  { token, kind, name, of, change, mayTake, taken, note }: PlannedPart,
  faults: readonly Words[],
  language: Language,
): PackagePart {
  const words = note ?? faults[0] ?? null;
  return { token, kind, name, of, change, mayTake, taken, note: words?.[language] ?? null };
}

/** Whether a version comes after another. */
function newer(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const [x = 0, y = 0] = [a?.[index], b?.[index]];
    if (x !== y) return x > y;
  }
  return false;
}
