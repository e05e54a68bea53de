import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { BulkBody, BulkResult } from '@lianke/shared/records/bulk';
import type { BatchResult } from '@lianke/shared/records/write';
import { Injectable } from '@nestjs/common';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import type { WriteRequest, WriteRow } from '../contracts.js';
import { RecordReader } from '../record-reader.js';
import { RecordWriter } from '../record-writer.js';
import { BulkLog } from './bulk-log.js';

type Tags = Extract<BulkBody, { action: 'tags' }>;
interface Part {
  op: 'create' | 'update' | 'delete';
  rows: WriteRow[];
}

const chunk = 1000;
const named = 200;
/** Another person's change between reading and writing is read again so often. */
const attempts = 4;

/** Changes many records as one batch that is listed and can be taken back. Refused rows do not stop the others. */
@Injectable()
export class BulkService {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly log: BulkLog,
  ) {}

  async run(ctx: TenantContext, formId: FormId, body: BulkBody): Promise<BulkResult> {
    const form = await this.registry.form(ctx, formId);
    const several =
      'ids' in body ? body.ids.length > 1 : partsOf(body).some((part) => part.op !== 'create' && part.rows.length > 1);
    if (several) await this.access.requireBulk(ctx, formId);
    const run = new Run(form, body, uuid7() as BatchId);
    if (body.action === 'tags') await this.tag(ctx, form, body, run);
    else {
      let at = 0;
      for (const part of partsOf(body)) {
        for (let start = 0; start < part.rows.length; start += chunk)
          await this.write(ctx, run, part.op, part.rows.slice(start, start + chunk), at + start);
        at += part.rows.length;
      }
    }
    return run.result;
  }

  /** One chunk in one transaction, which also notes how far the action has come. Answers the results. */
  private async write(
    ctx: TenantContext,
    run: Run,
    op: Part['op'],
    rows: WriteRow[],
    at: number,
    retry?: (result: BatchResult) => boolean,
  ): Promise<BatchResult[]> {
    const request: WriteRequest = { formId: run.form.id, op, rows, batchId: run.batchId };
    const { results } = await this.writer.write(ctx, request, {
      before: async () => undefined,
      after: async (tx, outcome) => {
        const so = run.with(outcome.results, rows, at, retry);
        await this.log.note(tx, ctx, run.note(so));
      },
    });
    run.add(results, rows, at, retry);
    return results;
  }

  /** Adds to and takes from what each record has, whatever others add to it meanwhile. */
  private async tag(ctx: TenantContext, form: FormMeta, body: Tags, run: Run): Promise<void> {
    const field = await this.tagField(ctx, form, body.field);
    const add = choicesOf(field, body.add);
    const remove = new Set(choicesOf(field, body.remove));
    const places = new Map(body.ids.map((id, index) => [id, index]));
    for (let start = 0; start < body.ids.length; start += chunk) {
      let ids: RecordId[] = body.ids.slice(start, start + chunk);
      for (let attempt = 1; ids.length > 0; attempt++) {
        const found = new Map((await this.reader.getMany(ctx, form.id, ids)).map((record) => [record.id, record]));
        const rows = ids.map((id): WriteRow => {
          const record = found.get(id);
          const has = (record?.values[field.key] ?? []) as string[];
          const next = [...new Set([...has, ...add])].filter((item) => !remove.has(item));
          return {
            id,
            values: { [field.id]: next.length > 0 ? (next as Json) : null },
            ...(record ? { version: record.version } : {}),
          };
        });
        const again = (result: BatchResult) => result.error?.code === 'version_conflict' && attempt < attempts;
        const results = await this.write(ctx, run, 'update', rows, 0, again);
        ids = results.filter(again).flatMap((result) => ids[result.index] ?? []);
      }
    }
    for (const failure of run.result.failures)
      failure.index = places.get(failure.recordId as RecordId) ?? failure.index;
  }

  private async tagField(ctx: TenantContext, form: FormMeta, ref: string): Promise<FieldMeta> {
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view')) throw new AppError('not_found');
    const field = form.field(ref);
    if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
    if (field.typeName !== 'tags' && field.typeName !== 'multiSelect')
      throw refusal('invalid_request', {
        zh: `字段“${field.name}”不是标签或复选框，不能打标签`,
        en: `field "${field.name}" is neither tags nor a multi-select; it cannot be tagged`,
      });
    return field;
  }
}

/** Tags as they are stored; unknown options are refused with the reason. */
function choicesOf(field: FieldMeta, words: readonly string[]): string[] {
  if (words.length === 0) return [];
  const parsed = field.type.parse([...words], field.config);
  if (!parsed.ok)
    throw new AppError(
      'validation_failed',
      {},
      { fields: [{ field: field.key, code: parsed.code, ...(parsed.params ? { params: parsed.params } : {}) }] },
    );
  return (parsed.value ?? []) as string[];
}

function partsOf(body: Exclude<BulkBody, Tags>): Part[] {
  switch (body.action) {
    case 'update':
      return [
        { op: 'update', rows: body.ids.map((id) => ({ id, values: body.values as WriteRow['values'] & object })) },
      ];
    case 'delete':
      return [{ op: 'delete', rows: body.ids.map((id) => ({ id })) }];
    case 'fill':
      return [{ op: 'update', rows: body.update as WriteRow[] }];
    case 'paste':
      return [
        { op: 'update', rows: body.update as WriteRow[] },
        { op: 'create', rows: body.create as WriteRow[] },
      ];
  }
}

/** What an action has come to. */
class Run {
  readonly result: BulkResult;
  private readonly fields: string[];

  constructor(
    readonly form: FormMeta,
    private readonly body: BulkBody,
    readonly batchId: BatchId,
  ) {
    this.result = { batchId, done: 0, unchanged: 0, failed: 0, failures: [] };
    this.fields = [...new Set(fieldRefs(body))].flatMap((ref) => form.field(ref)?.id ?? []);
  }

  /** The counts once these results are in; `later`: those that are tried again do not count yet. */
  with(
    results: readonly BatchResult[],
    rows: readonly WriteRow[],
    at: number,
    later?: (result: BatchResult) => boolean,
  ): BulkResult {
    const sum: BulkResult = { ...this.result, failures: [...this.result.failures] };
    for (const result of results) {
      if (later?.(result)) continue;
      if (result.status === 'unchanged') sum.unchanged++;
      else if (result.status !== 'failed') sum.done++;
      else {
        sum.failed++;
        const reason = result.error?.fields?.[0]?.message ?? result.error?.message ?? '';
        const recordId = rows[result.index]?.id ?? null;
        if (sum.failures.length < named) sum.failures.push({ index: at + result.index, recordId, reason });
      }
    }
    return sum;
  }

  add(...args: Parameters<Run['with']>): void {
    Object.assign(this.result, this.with(...args));
  }

  note({ done, failed }: BulkResult) {
    const { batchId, form, fields } = this;
    return { batchId, formId: form.id, action: this.body.action, fields, done, failed };
  }
}

function fieldRefs(body: BulkBody): string[] {
  switch (body.action) {
    case 'update':
      return Object.keys(body.values);
    case 'tags':
      return [body.field];
    case 'delete':
      return [];
    case 'fill':
      return body.update.flatMap((row) => Object.keys(row.values));
    case 'paste':
      return [...body.update, ...body.create].flatMap((row) => Object.keys(row.values));
  }
}
