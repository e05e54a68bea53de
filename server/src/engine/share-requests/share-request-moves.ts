import type { RecordId } from '@lianke/shared/ids';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { type RecordCompanion, RecordCompanions } from '../duplicates/companions.js';

/** Open requests go along when their record is merged into another: whoever may share that one answers them. */
@Injectable()
export class ShareRequestMoves implements RecordCompanion, OnModuleInit {
  readonly key = 'shareRequests';

  constructor(private readonly companions: RecordCompanions) {}

  onModuleInit(): void {
    this.companions.register(this);
  }

  /** Somebody asks for a record once: his answered request there gives way, an open one stands for both. */
  async move(tx: Tx, from: RecordId, to: RecordId): Promise<string[]> {
    await tx.run(
      `DELETE FROM lianke.share_request o USING lianke.share_request r
       WHERE r.record_id = $1 AND r.state = 'open' AND o.record_id = $2 AND o.asker_id = r.asker_id AND o.state <> 'open'`,
      [from, to],
    );
    const rows = await tx.sql<{ id: string }>(
      `UPDATE lianke.share_request r SET record_id = $2 WHERE r.record_id = $1 AND r.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM lianke.share_request o WHERE o.record_id = $2 AND o.asker_id = r.asker_id) RETURNING id`,
      [from, to],
    );
    return rows.map(({ id }) => id);
  }

  async moveBack(tx: Tx, moved: readonly string[], from: RecordId, to: RecordId): Promise<void> {
    await tx.run(
      `UPDATE lianke.share_request r SET record_id = $2 WHERE r.record_id = $1 AND r.id = ANY($3::uuid[]) AND r.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM lianke.share_request o WHERE o.record_id = $2 AND o.asker_id = r.asker_id)`,
      [from, to, [...moved]],
    );
  }
}
