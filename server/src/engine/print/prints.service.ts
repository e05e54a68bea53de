import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId, RecordId, TaskId } from '@lianke/shared/ids';
import type { PrintBody, PrintFormat } from '@lianke/shared/print/api';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import { zipSync } from 'fflate';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { writeAudit } from '../audit/write-audit.js';
import { languageIn, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TaskDetailsService } from '../tasks/task-details.service.js';
import type { PrintDocument } from './blocks.js';
import { approvalDocument, builtInDocument } from './built-in-layout.js';
import { fillDocx } from './docx/fill.js';
import { DocxPackage } from './docx/package.js';
import { readDocx } from './docx/read.js';
import { writeDocx } from './docx/write.js';
import { labelSheet } from './label-sheet.js';
import { renderPdf } from './pdf/render-pdf.js';
import { PrintNames } from './print-names.js';
import { type PrintRecord, PrintRecords } from './print-records.js';
import { type PrintTemplateId, PrintTemplatesService } from './print-templates.service.js';
import { recordScope } from './record-scope.js';

export interface PrintedFile {
  name: string;
  type: string;
  bytes: Buffer;
}

const types = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  zip: 'application/zip',
} as const;
/** Records held at once. */
const atOnce = 20;

interface Template {
  name: string;
  bytes: Buffer;
}

/** Records on paper: by a template or the built-in layout, as PDF or Word. Every print is audited. */
@Injectable()
export class PrintsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly records: PrintRecords,
    private readonly templates: PrintTemplatesService,
    private readonly tasks: TaskDetailsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One record. */
  one(
    ctx: TenantContext,
    formId: FormId,
    id: RecordId,
    asked: { templateId?: PrintTemplateId | undefined; format: PrintFormat },
  ): Promise<PrintedFile> {
    return this.batch(ctx, formId, { ids: [id], ...asked, bundle: 'one', layout: 'page' });
  }

  /** Several records, in the order of their ids. */
  async batch(ctx: TenantContext, formId: FormId, body: PrintBody): Promise<PrintedFile> {
    if (ctx.previewedBy) throw new AppError('preview_read_only');
    const form = await this.registry.form(ctx, formId);
    const labels = body.layout === 'labels';
    const template = body.templateId && !labels ? await this.templates.ofForm(ctx, formId, body.templateId) : undefined;
    const names = new PrintNames(form, await this.registry.all(ctx));
    // A label says no more than what the record is called.
    const meanings = labels
      ? []
      : template?.placeholders.flatMap((text) => names.resolve(text.split('|')[0] ?? '') ?? []);
    const ids = [...new Set(body.ids)];
    const single = ids.length === 1;
    const documents: PrintDocument[] = [];
    const files: [string, Buffer][] = [];
    const labelled: PrintRecord[] = [];
    for (let from = 0; from < ids.length; from += atOnce) {
      for (const source of await this.records.load(ctx, formId, ids.slice(from, from + atOnce), meanings)) {
        if (labels) labelled.push(source);
        else if (body.format === 'docx') files.push([fileName(source), wordOf(source, template)]);
        else if (body.bundle === 'zip' && !single)
          files.push([
            fileName(source),
            await renderPdf([pageOf(source, template)], source.record.label, this.clock.now()),
          ]);
        else documents.push(pageOf(source, template));
        // The next record waits until others have had their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    if (labels) documents.push(labelSheet(labelled));
    await this.database.withTenant(ctx, (tx) =>
      writeAudit(tx, ctx, {
        action: 'print',
        object: formId,
        detail: {
          form: form.name,
          records: ids,
          format: labels ? 'labels' : body.format,
          template: template?.name ?? null,
        },
      }),
    );
    const stem = single
      ? (files[0]?.[0] ?? safe(documents[0]?.title ?? form.name))
      : `${safe(form.name)} ${countOf(ids.length)[languageIn(ctx)]} ${dateIn(ctx.timeZone, this.clock.now())}`;
    if (documents.length > 0) {
      const title = single ? (documents[0]?.title ?? form.name) : form.name;
      return { name: `${stem}.pdf`, type: types.pdf, bytes: await renderPdf(documents, title, this.clock.now()) };
    }
    if (single) return { name: `${stem}.docx`, type: types.docx, bytes: files[0]?.[1] ?? Buffer.alloc(0) };
    return { name: `${stem}.zip`, type: types.zip, bytes: zipped(files, body.format) };
  }

  /** The record of one approval: what was asked, who answered what when; for whoever may open it. */
  async approval(ctx: TenantContext, id: TaskId): Promise<PrintedFile> {
    if (ctx.previewedBy) throw new AppError('preview_read_only');
    const task = await this.tasks.get(ctx, id);
    const facts = await this.records.approval(ctx, task);
    const document = approvalDocument(task, facts);
    await this.database.withTenant(ctx, (tx) =>
      writeAudit(tx, ctx, { action: 'print', object: id, detail: { approval: task.title } }),
    );
    return {
      name: `${safe(`${approvalRecord[languageIn(ctx)]} ${task.title}`)}.pdf`,
      type: types.pdf,
      bytes: await renderPdf([document], task.title, this.clock.now()),
    };
  }
}

const countOf = (records: number): Words => ({ zh: `${records} 条`, en: `${records} records` });
const approvalRecord: Words = { zh: '审批记录', en: 'Approval' };

function pageOf(source: PrintRecord, template: Template | undefined): PrintDocument {
  if (!template) return builtInDocument(source);
  return readDocx(filled(source, template), [template.name, source.record.label].filter(Boolean).join(' '));
}

function wordOf(source: PrintRecord, template: Template | undefined): Buffer {
  return template ? filled(source, template).write() : writeDocx(builtInDocument(source));
}

function filled(source: PrintRecord, template: Template): DocxPackage {
  const docx = DocxPackage.open(template.bytes);
  fillDocx(docx, recordScope(source));
  return docx;
}

function fileName({ form, record }: PrintRecord): string {
  return safe([form.name, record.label].filter(Boolean).join(' '));
}

/** Names that a file may have anywhere. */
function safe(name: string): string {
  return [...name.replaceAll(/[\p{Cc}/\\:*?"<>|]/gu, '_')].slice(0, 80).join('').trim() || 'print';
}

function zipped(files: readonly [string, Buffer][], format: PrintFormat): Buffer {
  const taken = new Map<string, number>();
  const entries = files.map(([name, bytes]) => {
    const nth = (taken.get(name) ?? 0) + 1;
    taken.set(name, nth);
    return [`${nth > 1 ? `${name} (${nth})` : name}.${format}`, bytes] as const;
  });
  // What is inside is packed already.
  return Buffer.from(zipSync(Object.fromEntries(entries), { level: 0 }));
}
