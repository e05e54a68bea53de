import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { CLOCK } from '../../kernel/tokens.js';
import { fullAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import type { ReadScope } from '../records/sql/read-scope.js';

/** What the system computes derived values with. */
export interface RecomputeWorld {
  forms: TenantForms;
  org: Org;
  scope: ReadScope;
}

/** The scope in which derived values are computed: every row counts, whoever reads the result (design §5). */
@Injectable()
export class RecomputeScope {
  constructor(
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(ctx: TenantContext): Promise<RecomputeWorld> {
    const [forms, org] = await Promise.all([this.registry.all(ctx), this.org.of(ctx)]);
    const env = { timeZone: ctx.timeZone, now: this.clock.now(), me: null, myDepartments: [] };
    return { forms, org, scope: { forms, accessOf: () => fullAccess, env } };
  }
}
