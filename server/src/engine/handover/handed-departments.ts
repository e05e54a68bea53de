import type { MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { HandedConfigs, type HandedItem } from './handed-configs.js';

/** How the heir stood in the department before: not in it, in it, or leading it already. */
type Stood = 'out' | 'in' | 'leads';

/** Departments that a member leads: the heir leads them, and joins those he is not in. */
@Injectable()
export class HandedDepartments {
  constructor(private readonly items: HandedConfigs) {}

  async names(tx: Tx, member: MemberId): Promise<string[]> {
    const rows = await tx.sql<{ name: string }>(
      'SELECT d.name FROM lianke.department_member m JOIN lianke.department d ON d.id = m.department_id WHERE m.member_id = $1 AND m.leader ORDER BY 1',
      [member],
    );
    return rows.map(({ name }) => name);
  }

  /** @returns how many departments changed their leader */
  async handOver(
    tx: Tx,
    scope: { tenantId: string; handoverId: string },
    from: MemberId,
    to: MemberId,
  ): Promise<number> {
    const rows = await tx.sql<{ id: string; stood: Stood }>(
      `SELECT m.department_id AS id, CASE WHEN h.member_id IS NULL THEN 'out' WHEN h.leader THEN 'leads' ELSE 'in' END AS stood
       FROM lianke.department_member m
       LEFT JOIN lianke.department_member h ON h.department_id = m.department_id AND h.member_id = $2
       WHERE m.member_id = $1 AND m.leader FOR UPDATE OF m`,
      [from, to],
    );
    for (const { id, stood } of rows) {
      await this.lead(tx, id, from, false);
      if (stood === 'out')
        await tx.run(
          `INSERT INTO lianke.department_member (tenant_id, department_id, member_id, leader, main)
           SELECT $1, $2, $3, true, NOT EXISTS (SELECT 1 FROM lianke.department_member WHERE member_id = $3 AND main)`,
          [scope.tenantId, id, to],
        );
      else await this.lead(tx, id, to, true);
      await this.items.keep(tx, scope, { kind: 'leads', ref: id, to_id: to, before: stood, after: to as Json });
    }
    return rows.length;
  }

  /** Gives the lead back unless the heir no longer has it or somebody took the member out of the department. */
  async giveBack(tx: Tx, item: HandedItem, from: MemberId): Promise<boolean> {
    const [row] = await tx.sql<{ ours: boolean }>(
      `SELECT bool_or(member_id = $2 AND leader) AND bool_or(member_id = $3 AND NOT leader) AS ours
       FROM lianke.department_member WHERE department_id = $1`,
      [item.ref, item.to_id, from],
    );
    if (!row?.ours) return false;
    await this.lead(tx, item.ref, from, true);
    const stood = item.before as Stood;
    if (stood === 'in') await this.lead(tx, item.ref, item.to_id, false);
    if (stood === 'out')
      await tx.run('DELETE FROM lianke.department_member WHERE department_id = $1 AND member_id = $2', [
        item.ref,
        item.to_id,
      ]);
    return true;
  }

  private async lead(tx: Tx, department: string, member: MemberId, leader: boolean): Promise<void> {
    await tx.run('UPDATE lianke.department_member SET leader = $3 WHERE department_id = $1 AND member_id = $2', [
      department,
      member,
      leader,
    ]);
  }
}
