import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';

export interface PersonTenant {
  tenantId: TenantId;
  memberId: MemberId;
  name: string;
}

/**
 * Members of several tenants that are one person. A chat log-in proves a person of a corp, whatever tenant it went through; a
 * password proves a member of one tenant only, because that tenant's administrator could have set it. Tenants that whoever
 * runs the installation has put together trust one another's log-ins.
 */
@Injectable()
export class PersonLinks {
  constructor(private readonly database: Database) {}

  /** The person's other tenants, as far as `proven` (or a group) vouches for them. */
  async others(ctx: { tenantId: TenantId }, memberId: MemberId, proven: string | null): Promise<PersonTenant[]> {
    const rows = await this.database.control<{ tenant_id: TenantId; member_id: MemberId; name: string }>(
      'SELECT * FROM lianke.person_tenants($1, $2, $3)',
      [ctx.tenantId, memberId, proven],
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, memberId: row.member_id, name: row.name }));
  }

  /** Puts tenants of one owner together: members with the same account are the same person. For whoever runs this server. */
  async putTogether(group: string, tenantIds: readonly TenantId[]): Promise<void> {
    for (const tenantId of tenantIds) {
      await this.database.withTenant({ tenantId }, (tx) =>
        tx.run(
          `INSERT INTO lianke.person_link (tenant_id, person_key, member_id)
           SELECT $1, 'group:' || $2 || ':' || lower(account), id FROM lianke.member WHERE account IS NOT NULL
           ON CONFLICT DO NOTHING`,
          [tenantId, group],
        ),
      );
    }
  }
}
