import type { AppId } from '@lianke/shared/ids';
import { poolSettings } from '@lianke/shared/pools/api';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { FormRegistry } from '../../engine/forms/form-registry.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { PoolSettingsService } from '../../engine/pools/pool-settings.service.js';

/** What a colleague sees of a customer before he claims it. */
const open = ['name', 'grade', 'source', 'industry', 'size', 'tags', 'firstContact', 'lastContact', 'code'];
const masked = ['phone'];
const managing = ['manager', 'boss'];

/** 演示企业's pool: the customers that the colleague who left had in the ledger wait in it. */
@Injectable()
export class DemoPool {
  constructor(
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly settings: PoolSettingsService,
  ) {}

  /** Switches it on; once more does no harm. */
  async set(ctx: TenantContext, appId: AppId): Promise<void> {
    const form = (await this.registry.forms(ctx)).find((item) => item.appId === appId && item.key === 'customer');
    if (!form || (await this.settings.get(ctx, form.id)).on) return;
    const { roles } = await this.org.of(ctx);
    const idOf = (key: string) => form.field(key)?.id;
    const fields = [
      ...open.map((key) => [idOf(key), 'read'] as const),
      ...masked.map((key) => [idOf(key), 'masked'] as const),
    ].filter(([id]) => id !== undefined);
    await this.settings.save(
      ctx,
      form.id,
      poolSettings.parse({
        on: true,
        managers: [...roles.values()]
          .filter((role) => managing.includes(role.key ?? ''))
          .map((role) => ({ kind: 'role', id: role.id })),
        holds: 1000,
        daily: 10,
        protectDays: 7,
        fields: Object.fromEntries(fields),
        contactField: idOf('lastContact') ?? null,
        contactDays: idOf('lastContact') ? 60 : null,
        noticeDays: 3,
      }),
    );
  }
}
