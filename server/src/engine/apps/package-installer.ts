import type { AppPackage } from '@lianke/shared/apps/package';
import { type InstallChoice, type InstalledPackage, installChoice } from '@lianke/shared/apps/package-api';
import type { AppId, FlowId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { FormSets } from '../forms/form-set.js';
import { OrgDirectory } from '../org/org-directory.js';
import { FlowInstaller } from '../ports.js';
import { bumpAccess, bumpSchema } from '../versions.js';
import { AppsService } from './apps.service.js';
import { readGround } from './package/app-ground.js';
import { describeApp } from './package/describe-app.js';
import { withOutside } from './package/outside-forms.js';
import { PackagePlanner, type Planned } from './package/package-planner.js';
import { appsOf, keepOrigin } from './package/package-store.js';
import { partsOf, valuesOf } from './package/parts.js';
import { checkedPackage } from './package/read-package.js';
import { storeParts } from './package/store-parts.js';
import { freeName } from './package/wanted-form.js';

export type Outcome = Omit<InstalledPackage, 'app' | 'sampleRows' | 'sampleProblem'>;

export interface Install {
  pack: AppPackage;
  choice: InstallChoice;
  /** A built-in template: its key stays its own, its flows have to be right and begin as it says, its roles may design. */
  template?: boolean;
  /** Joins the transaction: the last thing in it. */
  last?: (tx: Tx, appId: AppId, outcome: Outcome) => Promise<void>;
}

/** Installs apps from packages: all tables in one DDL transaction, then everything else in one more. */
@Injectable()
export class PackageInstaller {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly apps: AppsService,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly planner: PackagePlanner,
    private readonly sets: FormSets,
    private readonly flows: FlowInstaller,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A template as a new app, whose id it answers. One that is installed already answers `already_exists`. */
  async install(ctx: TenantContext, raw: unknown): Promise<AppId> {
    const choice = installChoice.parse({});
    const { appId } = await this.run(ctx, { pack: checkedPackage(raw), choice, template: true });
    return appId;
  }

  /** Whoever installs has to design apps, or the app that is upgraded. */
  async requireRight(ctx: TenantContext, pack: AppPackage, appId: AppId | null): Promise<void> {
    if (!appId) return this.access.require(ctx, 'design');
    await this.access.requireDesign(ctx, appId);
    const apps = await this.database.withTenant(ctx, (tx) => appsOf(tx, pack));
    if (!apps.some((app) => app.id === appId))
      throw refusal('wrong_state', {
        zh: '这个应用不是从这个包安装的，不能用它升级',
        en: 'that app did not come from this package and cannot be upgraded with it',
      });
  }

  async run(
    ctx: TenantContext,
    { pack, choice, template = false, last }: Install,
  ): Promise<{ appId: AppId; outcome: Outcome }> {
    await this.requireRight(ctx, pack, choice.appId);
    const planned = await this.database.withTenant(ctx, async (tx) => {
      if (template) await this.apps.requireFree(tx, pack);
      const begun = await this.planner.begin(tx, ctx, pack, choice, { trusted: template });
      await this.planner.complete(tx, ctx, begun);
      return begun;
    });
    const { plan } = planned;
    const { set } = plan;
    if (!set) throw new Error('a plan without forms');
    await this.sets.check(ctx, set);
    await this.sets.makeTables(ctx, set);
    const { appId } = plan.world;
    // One transaction: whoever finds the app finds all of it, also after a crash.
    const outcome = await this.database.withTenant(ctx, async (tx) => {
      if (planned.ground) await lockApp(tx, appId);
      else await this.insertApp(tx, ctx, planned, template);
      await this.sets.store(tx, ctx, set, `${pack.name} ${pack.version}`);
      await storeParts(tx, ctx, plan, await this.registry.load(tx, ctx), this.clock.now());
      const { drafts } = await this.flows.install(
        tx,
        ctx,
        appId,
        plan.flows().map(({ id, name, definition, isNew, enabled }) => ({
          ...{ id: id as FlowId, name, definition, isNew },
          start: template ? enabled : choice.startFlows,
        })),
        { strict: template },
      );
      await this.remember(tx, ctx, planned);
      await bumpAccess(tx, ctx.tenantId);
      await bumpSchema(tx, ctx.tenantId);
      const done = { ...countsOf(planned), drafts };
      await writeAudit(tx, ctx, {
        action: planned.ground ? 'app.upgrade' : 'app.install',
        object: appId,
        detail: { package: pack.name, version: pack.version, ...done },
      });
      await last?.(tx, appId, done);
      return done;
    });
    return { appId, outcome };
  }

  private async insertApp(tx: Tx, ctx: TenantContext, { plan }: Planned, template: boolean): Promise<void> {
    const { pack, world } = plan;
    const taken = await tx.sql<{ key: string; name: string }>('SELECT key, name FROM lianke.app');
    const keys = new Set(taken.map((app) => app.key));
    const name = template
      ? pack.name
      : (world.choice.name ?? freeName(pack.name, new Set(taken.map((app) => app.name))));
    await this.apps.insert(tx, ctx, {
      id: world.appId,
      name,
      key: template || !keys.has(pack.key) ? pack.key : undefined,
      icon: pack.icon,
      packageVersion: pack.version,
    });
  }

  /** What the package and the app were when this was done: the next package is compared with both. */
  private async remember(tx: Tx, ctx: TenantContext, { plan, origin }: Planned): Promise<void> {
    const { pack, world } = plan;
    const [forms, org] = [await this.registry.load(tx, ctx), await this.org.load(tx)];
    const label = { origin: pack.origin, key: pack.key, version: pack.version, description: pack.description };
    const ground = await readGround(tx, world.appId, forms, org);
    const values = valuesOf(partsOf(pack));
    const told = { ...origin?.pack, ...values };
    const now = valuesOf(
      partsOf(withOutside(describeApp(ground, world.names, label, 'draft', told).pack, world.names)),
    );
    const base = Object.fromEntries(
      Object.keys(values).flatMap((token) => {
        // What people changed and kept is still theirs when the next package comes.
        const value = plan.leaves(token) ? origin?.base[token] : (now[token] ?? origin?.base[token]);
        return value === undefined ? [] : [[token, value]];
      }),
    );
    await keepOrigin(
      tx,
      ctx,
      world.appId,
      { ...label, origin: pack.origin ?? pack.key, names: namesOf(world.names.kept(), pack), pack: values, base },
      this.clock.now(),
    );
    if (world.ground)
      await tx.run('UPDATE lianke.app SET package_version = $2 WHERE id = $1', [world.appId, pack.version]);
  }
}

/** Names without the places of forms that only this company's own relations lead to: the package's next version has others. */
function namesOf(names: Record<string, string>, { outside }: AppPackage): Record<string, string> {
  const places = new Set(outside.map(({ key }) => `outside:${key}`));
  const own = ([token]: [string, string]) => !token.startsWith('outside:') || places.has(token.split('/')[0] ?? '');
  return Object.fromEntries(Object.entries(names).filter(own));
}

async function lockApp(tx: Tx, appId: AppId): Promise<void> {
  if ((await tx.sql('SELECT 1 FROM lianke.app WHERE id = $1 FOR UPDATE', [appId])).length === 0)
    throw new AppError('not_found');
}

function countsOf({ plan }: Planned): Omit<Outcome, 'drafts'> {
  const counted = (...changes: string[]) =>
    plan.parts.filter((part) => (part.taken ? changes.includes('update') : changes.includes(part.change))).length;
  return {
    created: counted('create'),
    updated: counted('update'),
    kept: plan.parts.filter((part) => !part.taken && ['kept', 'conflict', 'gone', 'blocked'].includes(part.change))
      .length,
  };
}
