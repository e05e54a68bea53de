import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { RecordId } from '@lianke/shared/ids';
import type { BatchBody } from '@lianke/shared/records/write';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { answerOnce, type Once } from '../idempotency/answer-once.js';
import { BinService } from './bin.service.js';
import { BulkService } from './bulk/bulk.service.js';
import { BulkLog } from './bulk/bulk-log.js';
import type { WriteRequest, WriteRow } from './contracts.js';
import { DeletePreviews } from './delete-preview.js';
import { NearbyService } from './nearby.service.js';
import { PlacesService } from './places.service.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { RecordsService } from './records.service.js';
import { RevertService } from './revert.service.js';
import { TransferService } from './transfer.service.js';
import { UndoService } from './undo.service.js';

@Controller()
export class RecordsController {
  constructor(
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly records: RecordsService,
    private readonly undo: UndoService,
    private readonly bin: BinService,
    private readonly transfers: TransferService,
    private readonly bulk: BulkService,
    private readonly log: BulkLog,
    private readonly deletions: DeletePreviews,
    private readonly reverts: RevertService,
    private readonly nearby: NearbyService,
    private readonly places: PlacesService,
  ) {}

  @Route('records.create')
  async create(@Call() call: RouteCall<'records.create'>): Promise<AnswerOf<'records.create'>> {
    const { ctx, params, body } = call;
    return answerOnce(call, (once: Once<AnswerOf<'records.create'>> | undefined) =>
      this.records.create(ctx, params.formId, body as WriteRow, once),
    );
  }

  @Route('records.get')
  async get(@Call() call: RouteCall<'records.get'>): Promise<AnswerOf<'records.get'>> {
    const { formId, id } = call.params;
    const record = await this.reader.get(call.ctx, formId, id);
    return { ...record, actions: await this.reader.allowed(call.ctx, formId, id) };
  }

  @Route('records.update')
  async update(@Call() call: RouteCall<'records.update'>): Promise<AnswerOf<'records.update'>> {
    const { ctx, params, body, request } = call;
    const match = /^(?:W\/)?"?(\d+)"?$/.exec(String(request.headers['if-match'] ?? ''));
    const version = body.version ?? (match ? Number(match[1]) : undefined);
    return this.records.update(ctx, params.formId, {
      id: params.id,
      values: body.values as never,
      ...(version === undefined ? {} : { version }),
    });
  }

  @Route('records.delete')
  async remove(@Call() call: RouteCall<'records.delete'>): Promise<void> {
    await this.writer.writeOne(call.ctx, { formId: call.params.formId, op: 'delete', row: { id: call.params.id } });
  }

  @Route('records.history')
  history(@Call() call: RouteCall<'records.history'>): Promise<AnswerOf<'records.history'>> {
    return this.reader.history(call.ctx, call.params.formId, call.params.id, call.query.cursor);
  }

  @Route('records.query')
  query(@Call() call: RouteCall<'records.query'>): Promise<AnswerOf<'records.query'>> {
    return this.reader.query(call.ctx, call.params.formId, call.body);
  }

  @Route('records.places')
  onMap(@Call() call: RouteCall<'records.places'>): Promise<AnswerOf<'records.places'>> {
    return this.places.find(call.ctx, call.params.formId, call.body);
  }

  @Route('records.nearby')
  async around(@Call() call: RouteCall<'records.nearby'>): Promise<AnswerOf<'records.nearby'>> {
    return { items: await this.nearby.find(call.ctx, call.params.formId, call.body) };
  }

  @Route('records.batch')
  async batch(@Call() call: RouteCall<'records.batch'>): Promise<AnswerOf<'records.batch'>> {
    return answerOnce(call, (once: Once<AnswerOf<'records.batch'>> | undefined) =>
      this.records.batch(call.ctx, { formId: call.params.formId, ...operationOf(call.body) }, once),
    );
  }

  @Route('records.aggregate')
  async aggregate(@Call() call: RouteCall<'records.aggregate'>): Promise<AnswerOf<'records.aggregate'>> {
    return { items: await this.reader.aggregate(call.ctx, call.params.formId, call.body) };
  }

  @Route('records.restore')
  restore(@Call() call: RouteCall<'records.restore'>): Promise<AnswerOf<'records.restore'>> {
    return this.bin.restore(call.ctx, call.params.formId, call.body.ids);
  }

  @Route('records.purge')
  purge(@Call() call: RouteCall<'records.purge'>): Promise<AnswerOf<'records.purge'>> {
    return answerOnce(call, (once: Once<AnswerOf<'records.purge'>> | undefined) =>
      this.bin.purge(call.ctx, call.params.formId, call.body.ids, once),
    );
  }

  @Route('records.transferPreview')
  previewTransfer(@Call() call: RouteCall<'records.transferPreview'>): Promise<AnswerOf<'records.transferPreview'>> {
    return this.transfers.preview(call.ctx, call.params.formId, call.body.ids);
  }

  @Route('records.transfer')
  transfer(@Call() call: RouteCall<'records.transfer'>): Promise<AnswerOf<'records.transfer'>> {
    return this.transfers.transfer(call.ctx, call.params.formId, call.body);
  }

  @Route('records.bulk')
  runBulk(@Call() call: RouteCall<'records.bulk'>): Promise<AnswerOf<'records.bulk'>> {
    return this.bulk.run(call.ctx, call.params.formId, call.body);
  }

  @Route('records.deletePreview')
  previewDelete(@Call() call: RouteCall<'records.deletePreview'>): Promise<AnswerOf<'records.deletePreview'>> {
    return this.deletions.preview(call.ctx, call.params.formId, call.body.ids);
  }

  @Route('records.revert')
  revertRecord(@Call() call: RouteCall<'records.revert'>): Promise<AnswerOf<'records.revert'>> {
    return this.reverts.revert(call.ctx, call.params.formId, call.params.id, call.body);
  }

  @Route('batches.list')
  async listBatches(@Call() call: RouteCall<'batches.list'>): Promise<AnswerOf<'batches.list'>> {
    return { items: await this.log.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('batches.undo')
  undoBatch(@Call() call: RouteCall<'batches.undo'>): Promise<AnswerOf<'batches.undo'>> {
    return this.undo.undo(call.ctx, call.params.batchId);
  }
}

function operationOf(body: BatchBody): Omit<WriteRequest, 'formId'> {
  const shared = { atomic: body.atomic, ...(body.matchOn ? { matchOn: body.matchOn } : {}) };
  const rows = (ids: readonly RecordId[]) => ids.map((id) => ({ id }));
  if (body.create) return { op: 'create', rows: body.create as never, ...shared };
  if (body.update) return { op: 'update', rows: body.update as never, ...shared };
  if (body.upsert) return { op: 'upsert', rows: body.upsert as never, ...shared };
  if (body.delete) return { op: 'delete', rows: rows(body.delete), ...shared };
  return { op: 'restore', rows: rows(body.restore ?? []), ...shared };
}
