import type { MemberId } from '@lianke/shared/ids';
import { asJson, type Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { sameJson } from '../same-json.js';
import { HandedConfigs, type HandedItem } from './handed-configs.js';
import { replaceMember } from './replace-member.js';

/** Whom a subscription names: who gets it, under whose rights groups get it, whose it is. */
interface Named {
  members: string[];
  groups: { robot: string; as: string }[];
  by: string;
}

interface Row extends Named {
  id: string;
  name: string;
}

/** Dashboards that are sent to a member at set times, or to groups under his rights, or that he subscribed to for others. */
@Injectable()
export class HandedSubscriptions {
  constructor(private readonly items: HandedConfigs) {}

  /** The names of their dashboards. */
  async names(tx: Tx, member: MemberId): Promise<string[]> {
    return (await this.rows(tx, member)).map(({ name }) => name);
  }

  /** Puts the heir in the member's place. @returns how many subscriptions changed */
  async handOver(
    tx: Tx,
    scope: { tenantId: string; handoverId: string },
    from: MemberId,
    to: MemberId,
  ): Promise<number> {
    const rows = await this.rows(tx, from, true);
    for (const { id, members, groups, by } of rows) {
      const before = asJson<Named>({ members, groups, by });
      const after = replaceMember(before, from, to);
      await this.write(tx, id, after);
      await this.items.keep(tx, scope, { kind: 'subscriptions', ref: id, to_id: to, before, after });
    }
    return rows.length;
  }

  /** Gives a subscription back unless it names others by now, or is gone. */
  async giveBack(tx: Tx, item: HandedItem): Promise<boolean> {
    const [row] = await tx.sql<Named>(
      'SELECT members, groups, created_by AS by FROM lianke.report_subscription WHERE id = $1 FOR UPDATE',
      [item.ref],
    );
    if (!row || !sameJson(asJson(row), item.after)) return false;
    await this.write(tx, item.ref, item.before);
    return true;
  }

  private async write(tx: Tx, id: string, named: Json): Promise<void> {
    await tx.run(
      `UPDATE lianke.report_subscription SET groups = $2::jsonb->'groups', created_by = ($2::jsonb->>'by')::uuid,
         members = ARRAY(SELECT m::uuid FROM jsonb_array_elements_text($2::jsonb->'members') WITH ORDINALITY AS x(m, n) ORDER BY n)
       WHERE id = $1`,
      [id, JSON.stringify(named)],
    );
  }

  private rows(tx: Tx, member: MemberId, lock = false): Promise<Row[]> {
    return tx.sql<Row>(
      `SELECT s.id, s.members, s.groups, s.created_by AS by, d.name
       FROM lianke.report_subscription s JOIN lianke.dashboard d ON d.tenant_id = s.tenant_id AND d.id = s.dashboard_id
       WHERE s.created_by = $1 OR $1 = ANY(s.members) OR strpos(s.groups::text, $2) > 0
       ORDER BY d.name, s.id${lock ? ' FOR UPDATE OF s' : ''}`,
      [member, `"${member}"`],
    );
  }
}
