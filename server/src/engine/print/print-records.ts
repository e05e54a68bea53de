import { buffer } from 'node:stream/consumers';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { FileId, FormId, RecordId, TaskId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import QRCode from 'qrcode';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK, CONFIG } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { FilesService } from '../files/files.service.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { ownFields } from '../forms/subform-meta.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordApprovalsService } from '../tasks/record-approvals.service.js';
import { TaskDetailsService } from '../tasks/task-details.service.js';
import type { PrintImage } from './blocks.js';
import { printImage } from './images.js';
import { type ListMeaning, type Meaning, PrintNames } from './print-names.js';

/** Pictures of one record, and bytes of one picture. */
const mostPictures = 40;
const mostBytes = 12 * 1024 * 1024;
const mostRows = 200;

/** A record with all that its printed page needs, as far as its reader may see it. */
export interface PrintRecord {
  form: FormMeta;
  record: RecordView;
  /** Those that the reader may see. */
  fields: readonly FieldMeta[];
  /** The columns of a subform's rows that he may see, by the subform's name. */
  columns: ReadonlyMap<string, readonly FieldMeta[]>;
  names: PrintNames;
  related: ReadonlyMap<string, RecordView>;
  /** By the list's name. */
  lists: ReadonlyMap<string, readonly Record<string, Json>[]>;
  approvals: readonly TaskDetail[];
  pictures: ReadonlyMap<string, Buffer>;
  qr: PrintImage;
  link: string;
  company: string;
  printedBy: string;
  printedAt: string;
  timeZone: string;
  /** Of the paper: its reader's; of templates, which the company writes, Chinese. */
  language: Language;
}

/** Reads what is printed: only rows with which printing is allowed, and of these only what the reader sees. */
@Injectable()
export class PrintRecords {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
    private readonly files: FilesService,
    private readonly approvals: RecordApprovalsService,
    private readonly tasks: TaskDetailsService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The records in the order of their ids. @param meanings what the template names; without one all fields are printed
   * @throws AppError `not_found` for a record he may not see, `forbidden` for one he may not print
   */
  async load(
    ctx: TenantContext,
    formId: FormId,
    ids: readonly RecordId[],
    meanings: readonly Meaning[] | undefined,
  ): Promise<PrintRecord[]> {
    const language = meanings ? 'zh' : languageIn(ctx);
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view')) throw new AppError('not_found');
    const found = new Map(
      (await this.reader.getMany(ctx, formId, ids, 'print')).map((record) => [record.id as RecordId, record]),
    );
    for (const id of ids) if (!found.has(id)) await this.refuse(ctx, formId, id);
    const names = new PrintNames(form, await this.registry.all(ctx));
    const fields = form.fields.filter((field) => access.mayRead(field));
    const accessOf = await this.access.ofForms(ctx);
    const columns = new Map(
      fields.flatMap(({ name, part }) =>
        part ? [[name, ownFields(part).filter((inner) => accessOf(part.id).mayRead(inner))] as const] : [],
      ),
    );
    const common = {
      ...{ form, fields, columns, names, timeZone: ctx.timeZone, language },
      company: await this.company(ctx),
      printedBy: (await this.org.of(ctx)).nameOf(memberOf(ctx) ?? ''),
      printedAt: this.clock.now().toISOString(),
    };
    const tells = !meanings || meanings.some(({ kind }) => kind === 'approval');
    const asked = tells ? await this.withRuns(ctx, formId, ids) : new Set<RecordId>();
    const records: PrintRecord[] = [];
    for (const id of new Set(ids)) {
      const record = found.get(id);
      if (!record) continue;
      const lists = await this.lists(ctx, record, form, meanings);
      const link = recordLink(this.config.publicUrl, formId, id);
      const approvals = asked.has(id) ? await this.story({ ...ctx, language }, formId, id) : [];
      records.push({
        ...common,
        record,
        lists,
        approvals,
        link,
        related: await this.related(ctx, record, meanings ?? []),
        pictures: await this.pictures(ctx, picturesIn(form, record, lists), approvals),
        qr: await qrImage(link),
      });
    }
    return records;
  }

  /** Those of the records that were ever approved: most were not, and nothing more is asked about them. */
  private async withRuns(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<Set<RecordId>> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ record_id: RecordId }>(
        'SELECT DISTINCT record_id FROM lianke.task WHERE tenant_id = $1 AND form_id = $2 AND record_id = ANY($3::uuid[])',
        [ctx.tenantId, formId, ids],
      ),
    );
    return new Set(rows.map(({ record_id }) => record_id));
  }

  private async refuse(ctx: TenantContext, formId: FormId, id: RecordId): Promise<never> {
    await this.reader.requireAction(ctx, formId, id, 'print' satisfies FormAction);
    throw new AppError('not_found');
  }

  private async company(ctx: TenantContext): Promise<string> {
    const [tenant] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ name: string }>('SELECT name FROM lianke.tenant WHERE tenant_id = $1', [ctx.tenantId]),
    );
    return tenant?.name ?? '';
  }

  private async related(
    ctx: TenantContext,
    record: RecordView,
    meanings: readonly Meaning[],
  ): Promise<Map<string, RecordView>> {
    const found = new Map<string, RecordView>();
    for (const meaning of meanings) {
      if (meaning.kind !== 'related' || found.has(meaning.relation.id)) continue;
      const id = idsOf(record.values[meaning.relation.key])[0];
      const [target] = id ? await this.seen(ctx, meaning.form, [id]) : [];
      if (target) found.set(meaning.relation.id, target);
    }
    return found;
  }

  /** Rows of subforms come with the record; other lists are read where a template names them. */
  private async lists(
    ctx: TenantContext,
    record: RecordView,
    form: FormMeta,
    meanings: readonly Meaning[] | undefined,
  ) {
    const rows = new Map<string, readonly Record<string, Json>[]>();
    for (const field of form.fields) {
      const value = record.values[field.key];
      if (!field.part || !Array.isArray(value)) continue;
      rows.set(
        field.name,
        value.flatMap((row) => rowValues(row)),
      );
    }
    for (const meaning of meanings ?? [])
      if (meaning.kind === 'row' && meaning.list.kind !== 'subform' && !rows.has(meaning.list.name))
        rows.set(meaning.list.name, await this.otherRows(ctx, record, meaning.list));
    return rows;
  }

  private async otherRows(ctx: TenantContext, record: RecordView, list: ListMeaning): Promise<Record<string, Json>[]> {
    if (list.kind === 'relations') {
      const ids = idsOf(record.values[list.field.key]);
      const found = new Map((await this.seen(ctx, list.form, ids)).map((row) => [row.id, row.values]));
      return ids.flatMap((id) => (found.has(id) ? [found.get(id) ?? {}] : []));
    }
    const page = await this.reader
      .query(ctx, list.form.id, {
        filter: { field: list.field.key, op: 'eq', value: record.id },
        sort: [{ field: 'createdAt', dir: 'asc' }],
        limit: mostRows,
        total: false,
      })
      .catch(unseen);
    return page?.items.map((row) => row.values) ?? [];
  }

  private async seen(ctx: TenantContext, form: FormMeta, ids: readonly string[]): Promise<RecordView[]> {
    if (ids.length === 0) return [];
    return (await this.reader.getMany(ctx, form.id, ids as RecordId[]).catch(unseen)) ?? [];
  }

  private async story(ctx: TenantContext, formId: FormId, id: RecordId): Promise<TaskDetail[]> {
    const approvals = await this.approvals.of(ctx, formId, id);
    const details: TaskDetail[] = [];
    for (const { taskId } of approvals.toReversed())
      if (taskId) details.push(await this.tasks.get(ctx, taskId as TaskId));
    return details;
  }

  private async pictures(
    ctx: TenantContext,
    ids: readonly string[],
    approvals: readonly TaskDetail[],
  ): Promise<Map<string, Buffer>> {
    const signatures = approvals.flatMap(({ progress }) => progress.flatMap(({ signature }) => signature ?? []));
    const found = new Map<string, Buffer>();
    for (const id of [...new Set([...ids, ...signatures])].slice(0, mostPictures)) {
      // A signature is for those who had a part in it: for others the words stay.
      const opened = await this.files.open(ctx, id as FileId).catch(unseen);
      if (!opened) continue;
      if (opened.file.size > mostBytes) opened.stream.destroy();
      else found.set(id, await buffer(opened.stream));
    }
    return found;
  }

  /** The approvals of one task's run, for whoever may see it. */
  async approval(
    ctx: TenantContext,
    task: TaskDetail,
  ): Promise<Pick<PrintRecord, 'pictures' | 'company' | 'printedBy' | 'printedAt' | 'timeZone' | 'language'>> {
    return {
      timeZone: ctx.timeZone,
      language: languageIn(ctx),
      pictures: await this.pictures(ctx, [], [task]),
      company: await this.company(ctx),
      printedBy: (await this.org.of(ctx)).nameOf(memberOf(ctx) ?? ''),
      printedAt: this.clock.now().toISOString(),
    };
  }
}

/** The address that a record's QR code and prints carry: it opens in the chat on a phone, in the console elsewhere. */
export function recordLink(publicUrl: string, formId: FormId, id: RecordId): string {
  return `${publicUrl}/r/${formId}/${id}`;
}

/** A QR code of a text, for paper. */
export async function qrImage(text: string, width = 64): Promise<PrintImage> {
  const data = await QRCode.toBuffer(text, { errorCorrectionLevel: 'M', margin: 1, scale: 3 });
  const image = printImage(data, width, width);
  if (!image) throw new Error('the QR code is no picture');
  return { ...image, width, height: width };
}

/** Ids of the pictures that fields show, those of rows too. */
function picturesIn(
  form: FormMeta,
  record: RecordView,
  lists: ReadonlyMap<string, readonly Record<string, Json>[]>,
): string[] {
  const of = (fields: readonly FieldMeta[], values: Record<string, Json>) =>
    fields.filter(isPicture).flatMap((field) => idsOf(values[field.key]));
  const inRows = form.fields.flatMap((field) =>
    field.part ? (lists.get(field.name) ?? []).flatMap((row) => of(field.part?.fields ?? [], row)) : [],
  );
  return [...of(form.fields, record.values), ...inRows];
}

export function isPicture(field: FieldMeta): boolean {
  return field.typeName === 'image' || field.typeName === 'signature';
}

/** The ids of what a value refers to. */
export function idsOf(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    item && typeof item === 'object' && !Array.isArray(item) && typeof item.id === 'string' ? [item.id] : [],
  );
}

function rowValues(row: Json): Record<string, Json>[] {
  if (!row || typeof row !== 'object' || Array.isArray(row)) return [];
  const { values } = row;
  return values && typeof values === 'object' && !Array.isArray(values) ? [values] : [];
}

function unseen(error: unknown): undefined {
  if (error instanceof AppError && (error.code === 'not_found' || error.code === 'forbidden')) return undefined;
  throw error;
}
