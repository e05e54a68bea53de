import type { AppId } from '@lianke/shared/ids';
import { periodsOf, targetBody } from '@lianke/shared/targets/api';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { FormRegistry } from '../../engine/forms/form-registry.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { TargetsService } from '../../engine/targets/targets.service.js';
import type { Clock } from '../../kernel/clock/clock.js';
import { CLOCK } from '../../kernel/tokens.js';

const name = '本月跟进';
const each = '20';

/** 演示企业's target: so many follow-ups a month for everyone who sells; the first visit logged moves it. */
@Injectable()
export class DemoTargets {
  constructor(
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly targets: TargetsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Sets it; once more does no harm. */
  async set(ctx: TenantContext, appId: AppId): Promise<void> {
    const form = (await this.registry.forms(ctx)).find((item) => item.appId === appId && item.key === 'followUp');
    const time = form?.field('time');
    if (!form || !time) return;
    const known = (await this.targets.list(ctx)).find((item) => item.name === name && item.formId === form.id);
    const body = targetBody.parse({ formId: form.id, name, fn: 'count', dateField: time.id, unit: '次' });
    const target = known ?? (await this.targets.create(ctx, body));
    const { members, roles } = await this.org.of(ctx);
    const sales = [...roles.values()].find((role) => role.key === 'sales');
    const year = Number(dateIn(ctx.timeZone, this.clock.now()).slice(0, 4));
    const amounts = Object.fromEntries(
      [year, year + 1].flatMap((of) => periodsOf('month', of)).map((at) => [at, each]),
    );
    const rows = [...members.values()]
      .filter((member) => sales && member.roleIds.includes(sales.id))
      .map((member) => ({ kind: 'member' as const, id: member.id as string, amounts }));
    if (rows.length > 0) await this.targets.saveValues(ctx, target.id, { rows });
  }
}
