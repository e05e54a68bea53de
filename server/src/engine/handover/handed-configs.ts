import type { HandoverItem, HandoverKind } from '@lianke/shared/handover/api';
import type { MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { sameJson } from '../same-json.js';
import { type ColumnTable, type ConfigTable, columnTables, configTables } from './configs.js';
import { replaceMember } from './replace-member.js';

/** One changed thing, as `handover_item` keeps it. */
export interface HandedItem {
  id: string;
  kind: HandoverKind;
  ref: string;
  to_id: MemberId;
  before: Json;
  after: Json;
}

const named = 20;

/** Definitions and columns that name a member: counted, handed over, given back. All in the caller's transaction. */
@Injectable()
export class HandedConfigs {
  async preview(tx: Tx, member: MemberId, now: Date): Promise<Omit<HandoverItem, 'formId' | 'label'>[]> {
    const items: Omit<HandoverItem, 'formId' | 'label'>[] = [];
    for (const config of configTables) {
      const rows = await tx.sql<{ name: string }>(
        `SELECT ${config.name} AS name FROM lianke.${config.table} q WHERE ${naming(config)} ORDER BY 1`,
        [`"${member}"`],
      );
      items.push({ kind: config.kind, count: rows.length, names: rows.slice(0, named).map(({ name }) => name) });
    }
    for (const table of columnTables) {
      const [row] = await tx.sql<{ n: number; names: string[] }>(
        `SELECT count(*)::int AS n, coalesce((array_agg(${table.name ?? 'NULL'}::text ORDER BY q.id))[1:${named}], '{}') AS names
         FROM lianke.${table.table} q WHERE q.${table.column} = $1 AND ${table.where}`,
        [member, now],
      );
      items.push({ kind: table.kind, count: row?.n ?? 0, names: table.name ? (row?.names ?? []) : [] });
    }
    return items;
  }

  /** Gives everything of one kind to `to`. @returns how much, and what compiled copies have to be made anew */
  async handOver(
    tx: Tx,
    scope: { tenantId: string; handoverId: string; now: Date },
    kind: HandoverKind,
    from: MemberId,
    to: MemberId,
  ): Promise<{ done: number; bumps: 'access' | 'schema' | 'none' }> {
    const config = configTables.find((item) => item.kind === kind);
    if (config) return { done: await this.replace(tx, scope, config, from, to), bumps: config.bumps };
    const table = columnTables.find((item) => item.kind === kind);
    if (table) return { done: await this.move(tx, scope, table, from, to), bumps: table.bumps };
    return { done: 0, bumps: 'none' };
  }

  /** Gives one thing back, unless it stands otherwise by now. */
  async giveBack(tx: Tx, item: HandedItem, from: MemberId): Promise<boolean> {
    const config = configTables.find(({ kind }) => kind === item.kind);
    if (config) {
      const [row] = await tx.sql<{ now: Json }>(
        `SELECT q.${config.column} AS now FROM lianke.${config.table} q WHERE q.${keyOf(config)} = $1 FOR UPDATE`,
        [item.ref],
      );
      if (!row || !sameJson(row.now, item.after)) return false;
      await tx.run(`UPDATE lianke.${config.table} SET ${config.column} = $2::jsonb WHERE ${keyOf(config)} = $1`, [
        item.ref,
        JSON.stringify(item.before),
      ]);
      return true;
    }
    const table = columnTables.find(({ kind }) => kind === item.kind);
    if (!table) return false;
    const changed = await tx.run(
      `UPDATE lianke.${table.table} SET ${table.column} = $2 WHERE id = $1 AND ${table.column} = $3`,
      [item.ref, from, item.to_id],
    );
    return changed === 1;
  }

  async keep(tx: Tx, scope: { tenantId: string; handoverId: string }, item: Omit<HandedItem, 'id'>): Promise<void> {
    await tx.run(
      `INSERT INTO lianke.handover_item (tenant_id, id, handover_id, kind, ref, to_id, before, after)
       VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb)`,
      [
        ...[scope.tenantId, uuid7(), scope.handoverId, item.kind, item.ref, item.to_id],
        ...[JSON.stringify(item.before), JSON.stringify(item.after)],
      ],
    );
  }

  private async replace(
    tx: Tx,
    scope: { tenantId: string; handoverId: string },
    config: ConfigTable,
    from: MemberId,
    to: MemberId,
  ): Promise<number> {
    const rows = await tx.sql<{ id: string; before: Json }>(
      `SELECT q.${keyOf(config)} AS id, q.${config.column} AS before FROM lianke.${config.table} q WHERE ${naming(config)} FOR UPDATE`,
      [`"${from}"`],
    );
    for (const row of rows) {
      const after = replaceMember(row.before, from, to);
      await tx.run(`UPDATE lianke.${config.table} SET ${config.column} = $2::jsonb WHERE ${keyOf(config)} = $1`, [
        row.id,
        JSON.stringify(after),
      ]);
      await this.keep(tx, scope, { kind: config.kind, ref: row.id, to_id: to, before: row.before, after });
    }
    return rows.length;
  }

  private async move(
    tx: Tx,
    scope: { tenantId: string; handoverId: string; now: Date },
    table: ColumnTable,
    from: MemberId,
    to: MemberId,
  ): Promise<number> {
    const rows = await tx.sql<{ id: string }>(
      `UPDATE lianke.${table.table} q SET ${table.column} = $3
       WHERE q.${table.column} = $1 AND ${table.where} AND NOT (${table.unless}) RETURNING q.id`,
      [from, scope.now, to],
    );
    for (const row of rows)
      await this.keep(tx, scope, { kind: table.kind, ref: row.id, to_id: to, before: from, after: to });
    return rows.length;
  }
}

const keyOf = (config: ConfigTable): string => config.key ?? 'id';

function naming(config: ConfigTable): string {
  return `strpos(q.${config.column}::text, $1) > 0 AND ${config.where}`;
}
