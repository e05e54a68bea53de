import type { Readable } from 'node:stream';
import type { ExportId, FormId, MemberId } from '@lianke/shared/ids';
import type { ExportBody, ExportView } from '@lianke/shared/records/exports';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { FileMissingError, type FileStorage } from '../../kernel/storage/file-storage.js';
import { CLOCK, STORAGE } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { writeAudit } from '../audit/write-audit.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import type { Once } from '../idempotency/answer-once.js';
import { RecordReader } from '../records/record-reader.js';
import { ExportJobs } from './export-jobs.js';
import type { ExportRow } from './export-row.js';
import { ExportsRepository } from './exports.repository.js';
import { openRelated } from './side-sheets.js';

const mostAtOnce = 20;

/** Exports as a person sees them: ask, watch, fetch the file within a day. Each is its maker's alone. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly repository: ExportsRepository,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly jobs: ExportJobs,
    @Inject(STORAGE) private readonly storage: FileStorage,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Begins an export. A filter, order or field that its maker may not use is refused here already. */
  async create(ctx: TenantContext, formId: FormId, body: ExportBody, once?: Once<ExportView>): Promise<ExportView> {
    const form = await this.registry.form(ctx, formId);
    const me = this.me(ctx);
    await this.requireRight(ctx, formId);
    const { format, withId, subforms, related, ...query } = body;
    if (format === 'csv' && (subforms === 'sheets' || related.length > 0))
      throw refusal('invalid_request', {
        zh: 'CSV 文件只有一张表，请选择 Excel 格式',
        en: 'a CSV file has one sheet only; choose the Excel format',
      });
    for (const other of related) await openRelated(ctx, this.registry, this.access, formId, other);
    const first = await this.reader.query(ctx, formId, { ...query, limit: 1, total: 'exact' }, 'export');
    const total = typeof first.total === 'number' ? first.total : 0;
    const running = (await this.repository.list(ctx, me, undefined)).filter((row) => row.state === 'running');
    if (running.length >= mostAtOnce)
      throw refusal('wrong_state', {
        zh: `已有 ${running.length} 个导出正在进行，请等它们完成`,
        en: `${running.length} exports are already under way; wait until they are done`,
      });
    const now = this.clock.now();
    const id = uuid7() as ExportId;
    const row = {
      tenant_id: ctx.tenantId,
      id,
      form_id: formId,
      form_name: form.name,
      file_name: `${form.name.replaceAll(/[\p{Cc}/\\]/gu, '_')} ${dateIn(ctx.timeZone, now)}.${format}`,
      request: body,
      progress_total: total,
      created_by: me,
      created_at: now.toISOString(),
      language: languageIn(ctx),
    };
    const unfinished = { state: 'running', progress_done: 0, size: null, error: null, expires_at: null } as const;
    const view = present({ ...row, ...unfinished });
    const asked = {
      format,
      withId,
      subforms,
      related,
      rows: total,
      chosen: body.ids?.length ?? null,
      filter: body.filter ?? null,
      fields: body.fields ?? null,
    };
    await this.database.withTenant(ctx, async (tx) => {
      await once?.open(tx);
      await this.repository.insert(tx, row);
      await writeAudit(tx, ctx, {
        action: 'export',
        object: formId,
        detail: { form: form.name, export: id, ...asked },
      });
      await once?.keep(tx, view);
    });
    await this.jobs.enqueue(ctx.tenantId, id);
    return view;
  }

  async get(ctx: TenantContext, id: ExportId): Promise<ExportView> {
    return present(await this.load(ctx, id));
  }

  async list(ctx: TenantContext, formId?: FormId): Promise<ExportView[]> {
    return (await this.repository.list(ctx, memberOf(ctx), formId)).map(present);
  }

  async cancel(ctx: TenantContext, id: ExportId): Promise<ExportView> {
    await this.load(ctx, id);
    return present(await this.repository.cancel(ctx, id));
  }

  /** Its maker no longer watches it: he is told when it is over. Changes nothing when it is. */
  async notify(ctx: TenantContext, id: ExportId): Promise<ExportView> {
    await this.load(ctx, id);
    await this.repository.notify(ctx, id);
    return this.get(ctx, id);
  }

  /** The finished file. Whoever lost the right to export since gets it no more. */
  async file(ctx: TenantContext, id: ExportId): Promise<{ name: string; size: number; stream: Readable }> {
    const row = await this.load(ctx, id);
    await this.requireRight(ctx, row.form_id);
    const over = row.expires_at !== null && new Date(row.expires_at) < this.clock.now();
    if (row.state === 'expired' || over)
      throw refusal('wrong_state', {
        zh: '导出的文件只保留一天，请重新导出',
        en: 'exported files are kept for one day only; export again',
      });
    if (row.state !== 'done') throw refusal('wrong_state', { zh: '导出还没有完成', en: 'the export is not done yet' });
    const { stream, size } = await this.storage.get(id).catch((error: unknown) => {
      if (error instanceof FileMissingError)
        throw refusal('wrong_state', {
          zh: '导出的文件已不在，请重新导出',
          en: 'the exported file is gone; export again',
        });
      throw error;
    });
    await this.database.withTenant(ctx, (tx) =>
      writeAudit(tx, ctx, {
        action: 'export.download',
        object: row.form_id,
        detail: { export: id, rows: row.progress_done },
      }),
    );
    return { name: row.file_name, size, stream };
  }

  private me(ctx: TenantContext): MemberId {
    const me = memberOf(ctx);
    if (me === null) throw refusal('forbidden', { zh: '导出数据', en: 'export records' });
    return me;
  }

  private async requireRight(ctx: TenantContext, formId: FormId): Promise<void> {
    const access = await this.access.ofForm(ctx, formId);
    if (!access.may('view')) throw new AppError('not_found');
    if (!access.may('export')) throw refusal('forbidden', { zh: '导出数据', en: 'export records' });
  }

  private async load(ctx: TenantContext, id: ExportId): Promise<ExportRow> {
    const row = await this.repository.find(ctx, id, memberOf(ctx));
    if (!row) throw new AppError('not_found');
    return row;
  }
}

function present(row: Omit<ExportRow, 'cancel_requested' | 'epoch'>): ExportView {
  return {
    id: row.id,
    formId: row.form_id,
    formName: row.form_name,
    format: row.request.format,
    fileName: row.file_name,
    state: row.state,
    progress: { done: row.progress_done, total: row.progress_total },
    size: row.size === null ? null : Number(row.size),
    error: row.error,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: row.expires_at ? new Date(row.expires_at).toISOString() : null,
  };
}
