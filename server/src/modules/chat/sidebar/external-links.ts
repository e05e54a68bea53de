import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TenantContext } from '../../../engine/context.js';
import { type RecordCompanion, RecordCompanions } from '../../../engine/duplicates/companions.js';
import type { Tx } from '../../../kernel/database/tx.js';
import type { Connection } from '../connection.js';

export interface ExternalLink {
  formId: FormId;
  recordId: RecordId;
}

/** Which customer an external contact belongs to: `lianke.external_link`. */
@Injectable()
export class ExternalLinks implements RecordCompanion, OnModuleInit {
  readonly key = 'externalLinks';

  constructor(private readonly companions: RecordCompanions) {}

  onModuleInit(): void {
    this.companions.register(this);
  }

  async of(tx: Tx, connection: Connection, externalUserid: string): Promise<ExternalLink | null> {
    const [row] = await tx.sql<{ form_id: FormId; record_id: RecordId }>(
      'SELECT form_id, record_id FROM lianke.external_link WHERE corp_key = $1 AND external_userid = $2',
      [corpKey(connection), externalUserid],
    );
    return row ? { formId: row.form_id, recordId: row.record_id } : null;
  }

  /** External contacts of a record, the one linked last first. */
  async ofRecord(tx: Tx, connection: Connection, recordId: RecordId, limit: number): Promise<string[]> {
    const rows = await tx.sql<{ external_userid: string }>(
      `SELECT external_userid FROM lianke.external_link WHERE record_id = $1 AND corp_key = $2
       ORDER BY linked_at DESC, external_userid LIMIT $3`,
      [recordId, corpKey(connection), limit],
    );
    return rows.map((row) => row.external_userid);
  }

  async put(
    tx: Tx,
    ctx: TenantContext,
    at: { connection: Connection; externalUserid: string },
    link: ExternalLink & { by: MemberId },
  ): Promise<void> {
    await tx.run(
      `INSERT INTO lianke.external_link (tenant_id, corp_key, external_userid, form_id, record_id, linked_by)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (tenant_id, corp_key, external_userid) DO UPDATE SET form_id = excluded.form_id,
         record_id = excluded.record_id, linked_by = excluded.linked_by, linked_at = clock_timestamp()`,
      [ctx.tenantId, corpKey(at.connection), at.externalUserid, link.formId, link.recordId, link.by],
    );
  }

  async remove(tx: Tx, connection: Connection, externalUserid: string): Promise<void> {
    await tx.run('DELETE FROM lianke.external_link WHERE corp_key = $1 AND external_userid = $2', [
      corpKey(connection),
      externalUserid,
    ]);
  }

  async move(tx: Tx, from: RecordId, to: RecordId): Promise<string[]> {
    const rows = await tx.sql<{ contact: string }>(
      `UPDATE lianke.external_link SET record_id = $2 WHERE record_id = $1 RETURNING ${contact} AS contact`,
      [from, to],
    );
    return rows.map((row) => row.contact);
  }

  async moveBack(tx: Tx, moved: readonly string[], from: RecordId, to: RecordId): Promise<void> {
    await tx.run(`UPDATE lianke.external_link SET record_id = $2 WHERE record_id = $1 AND ${contact} = ANY($3)`, [
      from,
      to,
      [...moved],
    ]);
  }
}

/** An external contact of a company in one word. */
const contact = `corp_key || ' ' || external_userid`;

/** All apps of one company know a contact by the same id. */
function corpKey({ channel, corpId }: Connection): string {
  return `${channel}:${corpId.toLowerCase()}`;
}
