import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { fullAccess } from '../access/form-access.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import type { ReadScope } from './sql/read-scope.js';

/** Makes the reader's scope that every query is compiled under. */
@Injectable()
export class ScopeBuilder {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(ctx: TenantContext): Promise<ReadScope> {
    const me = memberOf(ctx);
    const { key, ...unlimited } = ctx;
    const [forms, org, access, lending] = await Promise.all([
      this.registry.all(ctx),
      this.org.of(ctx),
      this.access.ofForms(ctx),
      key ? this.access.ofForms(unlimited) : undefined,
    ]);
    return {
      forms,
      accessOf: (form) => (forms.get(form.id) ? access(form.id) : fullAccess),
      ...(lending ? { lendingOf: (form) => lending(form.id) } : {}),
      env: {
        timeZone: ctx.timeZone,
        now: this.clock.now(),
        me,
        myDepartments: (me && org.members.get(me)?.departments.map((place) => place.id)) || [],
      },
    };
  }
}
