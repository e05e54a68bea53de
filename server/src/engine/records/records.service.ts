import type { FormId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { Once } from '../idempotency/answer-once.js';
import { Conflicts } from './conflicts.js';
import type { WriteOutcome, WriteRequest, WriteRow } from './contracts.js';
import { RecordReader } from './record-reader.js';
import { type Around, RecordWriter } from './record-writer.js';
import { type WrittenRecord, writtenView } from './written-record.js';

/** Writes as the API answers them: a single record whole, a batch row by row; a request's key in the same transaction. */
@Injectable()
export class RecordsService {
  constructor(
    private readonly database: Database,
    private readonly writer: RecordWriter,
    private readonly reader: RecordReader,
    private readonly conflicts: Conflicts,
    private readonly access: AccessService,
  ) {}

  create(ctx: TenantContext, formId: FormId, row: WriteRow, once: Once<RecordView> | undefined): Promise<RecordView> {
    return this.one(ctx, { formId, op: 'create', row }, once);
  }

  /** A stale version is refused with the record as it stands now and both values in words. */
  async update(ctx: TenantContext, formId: FormId, row: WriteRow): Promise<RecordView> {
    try {
      return await this.one(ctx, { formId, op: 'update', row }, undefined);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error;
      throw await this.conflicts.explained(ctx, formId, row, error);
    }
  }

  /** Changing or deleting several at once is a right of its own; filling in several is not. */
  async batch(ctx: TenantContext, request: WriteRequest, once: Once<WriteOutcome> | undefined): Promise<WriteOutcome> {
    if (request.op !== 'create' && request.rows.length > 1) await this.access.requireBulk(ctx, request.formId);
    return this.writer.write(ctx, request, once && { before: once.open, after: once.keep });
  }

  private async one(
    ctx: TenantContext,
    request: Parameters<RecordWriter['writeOne']>[1],
    once: Once<RecordView> | undefined,
  ): Promise<RecordView> {
    let kept: RecordView | undefined;
    const around: Around<WrittenRecord> | undefined = once && {
      before: once.open,
      after: async (tx, written) => {
        kept = await this.view(ctx, request.formId, written, tx);
        await once.keep(tx, kept);
      },
    };
    const written = await this.writer.writeOne(ctx, request, around);
    return kept ?? this.view(ctx, request.formId, written, undefined);
  }

  private view(ctx: TenantContext, formId: FormId, written: WrittenRecord, tx: Tx | undefined): Promise<RecordView> {
    const { image } = written;
    // A repeat of an earlier create: the record may have moved on.
    if (!image) return this.reader.get(ctx, formId, written.id, tx);
    return writtenView({ ...written, image }, (work) => (tx ? work(tx) : this.database.withTenant(ctx, work)));
  }
}
