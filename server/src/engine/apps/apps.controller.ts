import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { AppsService } from './apps.service.js';
import { SampleRows } from './package/sample-rows.js';
import { PackageInstaller } from './package-installer.js';
import { builtInTemplates } from './templates.js';

@Controller()
export class AppsController {
  constructor(
    private readonly apps: AppsService,
    private readonly installer: PackageInstaller,
    private readonly tenants: TenantDirectory,
    private readonly samples: SampleRows,
  ) {}

  @Route('apps.list')
  async list(@Call() call: RouteCall<'apps.list'>): Promise<AnswerOf<'apps.list'>> {
    return { items: (await this.apps.list(call.ctx)) as never, cursor: null };
  }

  @Route('apps.create')
  async create(@Call() call: RouteCall<'apps.create'>): Promise<AnswerOf<'apps.create'>> {
    return this.apps.create(call.ctx, call.body) as never;
  }

  @Route('apps.update')
  async rename(@Call() call: RouteCall<'apps.update'>): Promise<AnswerOf<'apps.update'>> {
    return this.apps.rename(call.ctx, call.params.appId, call.body.name) as never;
  }

  @Route('apps.delete')
  remove(@Call() call: RouteCall<'apps.delete'>): Promise<void> {
    return this.apps.remove(call.ctx, call.params.appId);
  }

  @Route('apps.arrange')
  async arrange(@Call() call: RouteCall<'apps.arrange'>): Promise<AnswerOf<'apps.arrange'>> {
    return this.apps.arrange(call.ctx, call.params.appId, call.body) as never;
  }

  @Route('templates.list')
  async listTemplates(): Promise<AnswerOf<'templates.list'>> {
    const items = [...builtInTemplates().values()].map((pack) => ({
      key: pack.key,
      name: pack.name,
      description: pack.description,
      version: pack.version,
      forms: pack.forms.map((form) => form.name),
      sampleRows: pack.sample.reduce((sum, { rows }) => sum + rows.length, 0),
    }));
    return { items, cursor: null };
  }

  @Route('templates.install')
  async install(@Call() call: RouteCall<'templates.install'>): Promise<AnswerOf<'templates.install'>> {
    const pack = builtInTemplates().get(call.params.key);
    if (!pack) throw new AppError('not_found');
    const id = await this.installer.install(call.ctx, pack);
    const fresh = await this.tenants.context(call.ctx.tenantId, call.ctx.actor, call.ctx.cause);
    const app = (await this.apps.list(fresh)).find((item) => item.id === id);
    if (!app) throw new AppError('not_found');
    if (call.query.sample === 'true') await this.samples.putInto(fresh, pack.sample, id);
    return { app } as never;
  }
}
