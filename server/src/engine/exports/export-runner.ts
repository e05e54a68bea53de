import { Readable } from 'node:stream';
import { errorCodes, fillMessage } from '@lianke/shared/errors/codes';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { ExportId, TenantId } from '@lianke/shared/ids';
import { recordIdHeader } from '@lianke/shared/records/exports';
import { Inject, Injectable } from '@nestjs/common';
import { writeXlsxStream } from 'hucre';
import type { Clock } from '../../kernel/clock/clock.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { type FileStorage, FileTooLargeError } from '../../kernel/storage/file-storage.js';
import { CLOCK, LOGGER, STORAGE } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { formatOf, widthOf } from './cells.js';
import { csvLine, csvMark } from './csv.js';
import type { ExportRow } from './export-row.js';
import { ExportsRepository } from './exports.repository.js';
import { columnsOf, type ExportColumn, linesOf, subformRows } from './subform-lines.js';

/** Rows read at once: enough to be quick, little enough to hold. */
const pageRows = 1000;
const maxBytes = 2 * 1024 ** 3;
/** How long a finished file may be fetched. */
export const keptMs = 24 * 3_600_000;

/** Ends a run without closing the export: another worker has it, or the process stops. */
class Interrupted extends Error {}
class Cancelled extends Error {}

/** Writes the file of an export, row by row from the reader to the store. A run that was broken off begins anew. */
@Injectable()
export class ExportRunner {
  constructor(
    private readonly repository: ExportsRepository,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    @Inject(STORAGE) private readonly storage: FileStorage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Runs an export to its end. Does nothing when it is over or in other hands. */
  async run(tenantId: TenantId, id: ExportId, signal: AbortSignal): Promise<void> {
    const row = await this.repository.lease({ tenantId }, id);
    if (!row) return;
    try {
      const done = { rows: 0 };
      const content = await this.content(row, signal, done);
      const stored = await this.storage.put(id, content, { maxBytes });
      const expiresAt = new Date(this.clock.now().getTime() + keptMs);
      const end = { state: 'done' as const, rows: done.rows, size: stored.size, expiresAt };
      if (!(await this.repository.finish({ tenantId }, row, end))) await this.storage.delete(id);
    } catch (error) {
      if (error instanceof Interrupted) await this.repository.release({ tenantId }, row);
      else if (error instanceof Cancelled) await this.repository.finish({ tenantId }, row, { state: 'cancelled' });
      else {
        if (!(error instanceof AppError)) this.logger.error({ err: error, export: id }, 'an export failed');
        await this.repository.finish({ tenantId }, row, { state: 'failed', error: reasonOf(error) });
      }
    }
  }

  private async content(row: ExportRow, signal: AbortSignal, done: { rows: number }): Promise<Readable> {
    const { ctx, form, fields } = await this.open(row);
    const withId = row.request.withId;
    const accessOf = await this.access.ofForms(ctx);
    const columns = columnsOf(fields, (part) => accessOf(part.id));
    const rows = this.rows(row, columns, signal, done);
    if (row.request.format === 'csv') {
      const header = [...(withId ? [recordIdHeader] : []), ...columns.map((column) => column.header)];
      return Readable.from(csvOf(header, rows));
    }
    const stream = writeXlsxStream(rows, {
      name: sheetName(form.name),
      freezePane: { rows: 1 },
      columns: [
        ...(withId ? [{ header: recordIdHeader, width: 38, numFmt: '@' }] : []),
        ...columns.map(({ header, field }) => ({ header, width: widthOf(field), numFmt: formatOf(field) })),
      ],
    });
    return Readable.fromWeb(stream as never);
  }

  /** The form and columns under the rights of this moment. */
  private async open(row: ExportRow): Promise<{ ctx: TenantContext; form: FormMeta; fields: FieldMeta[] }> {
    const ctx = await this.tenants.context(row.tenant_id, { kind: 'member', memberId: row.created_by });
    const form = await this.registry.form(ctx, row.form_id);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view') || !access.may('export')) throw new AppError('forbidden', { action: '导出数据' });
    const fields = (
      row.request.fields ?? form.fields.filter((field) => access.mayRead(field)).map(({ key }) => key)
    ).map((ref) => {
      const field = form.field(ref);
      if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
      return field;
    });
    return { ctx, form, fields };
  }

  /** Pages of the reader as rows of cells. Rights are looked up anew for each page: whoever loses them stops here. */
  private async *rows(
    row: ExportRow,
    columns: readonly ExportColumn[],
    signal: AbortSignal,
    done: { rows: number },
  ): AsyncGenerator<SheetCell[]> {
    const subforms = [...new Set(columns.flatMap(({ subform }) => subform ?? []))];
    const asked = [...new Set(columns.map(({ field, subform }) => (subform ?? field).key))];
    const { format: _, withId, ...query } = row.request;
    let cursor: string | undefined;
    do {
      if (signal.aborted) throw new Interrupted();
      const { ctx } = await this.open(row);
      const page = await this.reader.query(
        ctx,
        row.form_id,
        {
          ...query,
          fields: asked,
          limit: pageRows,
          total: false,
          ...(cursor ? { cursor } : {}),
        },
        'export',
      );
      const inner = await subformRows(this.reader, ctx, subforms, page.items);
      for (const record of page.items)
        for (const cells of linesOf(record, columns, inner, ctx.timeZone, withId))
          yield withId ? [record.id, ...cells] : cells;
      done.rows += page.items.length;
      const state = await this.repository.advance({ tenantId: row.tenant_id }, row, done.rows);
      if (state === 'lost') throw new Interrupted();
      if (state === 'cancelled') throw new Cancelled();
      cursor = page.cursor ?? undefined;
    } while (cursor);
  }
}

async function* csvOf(header: readonly string[], rows: AsyncIterable<SheetCell[]>): AsyncGenerator<string> {
  yield csvMark + csvLine(header);
  let lines = '';
  for await (const row of rows) {
    lines += csvLine(row);
    if (lines.length < 65_536) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
}

/** At most 31 characters, without those that spreadsheet programs refuse. */
function sheetName(name: string): string {
  return [...name.replaceAll(/[\\/?*[\]:]/g, ' ').replaceAll(/^'|'$/g, '')].slice(0, 28).join('').trim() || 'Sheet1';
}

function reasonOf(error: unknown): string {
  if (error instanceof FileTooLargeError) return '文件超过 2 GB，请缩小筛选范围后分几次导出';
  return error instanceof AppError ? fillMessage(errorCodes[error.code].zh, error.params) : '系统出错了，请稍后再试';
}
