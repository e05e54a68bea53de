import { Readable } from 'node:stream';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { ExportId, FormId, TenantId } from '@lianke/shared/ids';
import { exportBody, recordIdHeader } from '@lianke/shared/records/exports';
import type { RecordView } from '@lianke/shared/records/query';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { AppError, reasonIn, refusal } from '../../kernel/errors/app-error.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { type FileStorage, FileTooLargeError } from '../../kernel/storage/file-storage.js';
import { CLOCK, LOGGER, STORAGE } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { formatOf, idColumn, widthOf } from './cells.js';
import { csvLine, csvMark } from './csv.js';
import type { ExportRow } from './export-row.js';
import { type ExportEnd, ExportsRepository } from './exports.repository.js';
import { openRelated, type RelatedForm, relatedSheet, type SideWorld, subformSheet } from './side-sheets.js';
import { columnsOf, type ExportColumn, linesOf, subformRows } from './subform-lines.js';
import { workbookStream } from './workbook-stream.js';

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
    private readonly notifier: Notifier,
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
      const end: ExportEnd = { state: 'done', rows: done.rows, size: stored.size, expiresAt };
      if (!(await this.finish(row, end))) await this.storage.delete(id);
    } catch (error) {
      if (error instanceof Interrupted) await this.repository.release({ tenantId }, row);
      else if (error instanceof Cancelled) await this.repository.finish({ tenantId }, row, { state: 'cancelled' });
      else {
        if (!(error instanceof AppError)) this.logger.error({ err: error, export: id }, 'an export failed');
        await this.finish(row, { state: 'failed', error: reasonOf(error, row.language) });
      }
    }
  }

  /** The end is written and told in one: nobody is told of an end that another worker overtakes. */
  private finish(row: ExportRow, end: ExportEnd): Promise<boolean> {
    return this.repository.finish({ tenantId: row.tenant_id }, row, end, async (tx) => {
      const ctx = await this.tenants.context(row.tenant_id, { kind: 'member', memberId: row.created_by });
      const { title, line } = endOf(row, end);
      await this.notifier.enqueue(tx, ctx, {
        card: {
          kind: 'notice',
          title,
          description: line,
          facts: [],
          path: `/pages/list/index?formId=${row.form_id}&export=${row.id}`,
          buttons: [],
        },
        to: [row.created_by],
        key: `export:${row.id}`,
        about: { kind: 'none', id: null },
      });
    });
  }

  private async content(row: ExportRow, signal: AbortSignal, done: { rows: number }): Promise<Readable> {
    const { ctx, form, fields } = await this.open(row);
    // One asked for by an earlier version lacks what came since.
    const { withId, format, subforms, related } = exportBody.parse(row.request);
    const accessOf = await this.access.ofForms(ctx);
    const beside = subforms === 'lines' ? fields : fields.filter((field) => !field.part);
    const columns = columnsOf(beside, (part) => accessOf(part.id), withId);
    const rows = this.rows(row, columns, signal, done);
    if (format === 'csv') {
      const header = [...(withId ? [recordIdHeader] : []), ...columns.map((column) => column.header)];
      return Readable.from(csvOf(header, rows));
    }
    const side: SideWorld = {
      reader: this.reader,
      withId,
      accessOf: (part) => accessOf(part.id),
      again: async () => (await this.open(row)).ctx,
      records: (fields) => this.pages(row, fields, signal, () => this.advance(row, done.rows)),
    };
    const sheets = [
      {
        name: form.name,
        columns: [
          ...(withId ? [{ header: recordIdHeader, ...idColumn }] : []),
          ...columns.map(({ header, field }) =>
            field ? { header, width: widthOf(field), format: formatOf(field) } : { header, ...idColumn },
          ),
        ],
        rows,
      },
      ...(subforms === 'sheets'
        ? fields.flatMap((field) => (field.part ? [subformSheet(side, form, field, field.part)] : []))
        : []),
    ];
    for (const formId of related) sheets.push(relatedSheet(side, form, await this.relatedForm(row, formId)));
    return Readable.from(workbookStream(sheets));
  }

  /** A form that points at the exported one, under the rights of this moment. */
  private async relatedForm(row: ExportRow, formId: FormId): Promise<RelatedForm> {
    const ctx = await this.tenants.context(row.tenant_id, { kind: 'member', memberId: row.created_by });
    return openRelated(ctx, this.registry, this.access, row.form_id, formId);
  }

  /** The form and columns under the rights of this moment. */
  private async open(row: ExportRow): Promise<{ ctx: TenantContext; form: FormMeta; fields: FieldMeta[] }> {
    const ctx = await this.tenants.context(row.tenant_id, { kind: 'member', memberId: row.created_by });
    const form = await this.registry.form(ctx, row.form_id);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view') || !access.may('export'))
      throw refusal('forbidden', { zh: '导出数据', en: 'export records' });
    const fields = (
      row.request.fields ?? form.fields.filter((field) => access.mayRead(field)).map(({ key }) => key)
    ).map((ref) => {
      const field = form.field(ref);
      if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
      return field;
    });
    return { ctx, form, fields };
  }

  /** The exported records as rows of cells. */
  private async *rows(
    row: ExportRow,
    columns: readonly ExportColumn[],
    signal: AbortSignal,
    done: { rows: number },
  ): AsyncGenerator<SheetCell[]> {
    const subforms = [...new Set(columns.flatMap(({ subform }) => subform ?? []))];
    const asked = [...new Set(columns.flatMap(({ field, subform }) => (subform ?? field)?.key ?? []))];
    const { withId } = row.request;
    for await (const { ctx, items } of this.pages(row, asked, signal)) {
      const inner = await subformRows(this.reader, ctx, subforms, items);
      for (const record of items)
        for (const cells of linesOf(record, columns, inner, ctx.timeZone, withId))
          yield withId ? [record.id, ...cells] : cells;
      done.rows += items.length;
      await this.advance(row, done.rows);
    }
  }

  /** Pages of the exported records. Rights are looked up anew for each page: whoever loses them stops here. */
  private async *pages(
    row: ExportRow,
    fields: string[],
    signal: AbortSignal,
    after?: () => Promise<void>,
  ): AsyncGenerator<{ ctx: TenantContext; items: RecordView[] }> {
    const { format: _, withId: __, subforms: ___, related: ____, ...query } = row.request;
    let cursor: string | undefined;
    do {
      if (signal.aborted) throw new Interrupted();
      const { ctx } = await this.open(row);
      const page = await this.reader.query(
        ctx,
        row.form_id,
        { ...query, fields, limit: pageRows, total: false, ...(cursor ? { cursor } : {}) },
        'export',
      );
      yield { ctx, items: page.items };
      await after?.();
      cursor = page.cursor ?? undefined;
    } while (cursor);
  }

  private async advance(row: ExportRow, done: number): Promise<void> {
    const state = await this.repository.advance({ tenantId: row.tenant_id }, row, done);
    if (state === 'lost') throw new Interrupted();
    if (state === 'cancelled') throw new Cancelled();
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

/** What its maker is told of an export that failed; what is a bug stays in the log. */
function reasonOf(error: unknown, language: Language): string {
  if (error instanceof FileTooLargeError) return tooLarge[language];
  return error instanceof AppError ? reasonIn(error, language) : broken[language];
}

const tooLarge: Words = {
  zh: '文件超过 2 GB，请缩小筛选范围后分几次导出',
  en: 'the file is larger than 2 GB; export in several parts, each with a narrower filter',
};
const broken: Words = { zh: '系统出错了，请稍后再试', en: 'something broke; try again later' };

function endOf(row: ExportRow, end: ExportEnd): { title: Words; line: Words } {
  const done = end.state === 'done';
  const rows = end.rows ?? 0;
  return {
    title: {
      zh: `${done ? '导出完成' : '导出失败'}：${row.form_name}`,
      en: `${done ? 'Exported' : 'Not exported'}: ${row.form_name}`,
    },
    line: done
      ? { zh: `${rows} 条，一天内可以下载`, en: `${rows} records, to be downloaded within a day` }
      : { zh: end.error ?? '', en: end.error ?? '' },
  };
}
