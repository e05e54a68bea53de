import type { Readable } from 'node:stream';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId } from '@lianke/shared/ids';
import type { PrintTemplateView } from '@lianke/shared/print/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { SqlValue, Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { ownFields } from '../forms/subform-meta.js';
import { sampleDocument } from './built-in-layout.js';
import { templatePlaceholders } from './docx/fill.js';
import { DocxPackage } from './docx/package.js';
import { writeDocx } from './docx/write.js';
import { PrintNames } from './print-names.js';
import { knownFormat } from './print-text.js';

export type PrintTemplateId = PrintTemplateView['id'];

const maxBytes = 5 * 1024 * 1024;
const mostTemplates = 20;

interface TemplateRow {
  id: PrintTemplateId;
  form_id: FormId;
  name: string;
  file_name: string;
  size: number;
  placeholders: string[];
  is_default: boolean;
  updated_at: string;
}

const templateName: Words = { zh: '打印模板', en: 'print template' };

const columns = 'id, form_id, name, file_name, octet_length(content) AS size, placeholders, is_default, updated_at';

/** Word files by which a form's records are printed; kept by its designers, used by whoever may print. */
@Injectable()
export class PrintTemplatesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(ctx: TenantContext, formId: FormId): Promise<PrintTemplateView[]> {
    const form = await this.opened(ctx, formId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<TemplateRow>(
        `SELECT ${columns} FROM lianke.print_template WHERE tenant_id = $1 AND form_id = $2 ORDER BY id`,
        [ctx.tenantId, formId],
      ),
    );
    const names = await this.names(ctx, form);
    return rows.map((row) => present(row, names));
  }

  /** Takes a new template. @throws AppError `invalid_file` that says what is wrong with it */
  async upload(ctx: TenantContext, formId: FormId, fileName: string, content: Readable): Promise<PrintTemplateView> {
    const form = await this.designed(ctx, formId);
    const { bytes, placeholders } = await readTemplate(content);
    const name = fileName.replace(/\.docx$/i, '').slice(0, 60) || form.name;
    const row = await this.database.withTenant(ctx, async (tx) => {
      const [count] = await tx.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM lianke.print_template WHERE tenant_id = $1 AND form_id = $2',
        [ctx.tenantId, formId],
      );
      if ((count?.n ?? 0) >= mostTemplates)
        throw refusal('wrong_state', {
          zh: `一张表单最多 ${mostTemplates} 个打印模板，请先删除不用的`,
          en: `a form has at most ${mostTemplates} print templates; delete those you do not need first`,
        });
      return this.one(
        tx,
        `INSERT INTO lianke.print_template (tenant_id, id, form_id, name, file_name, content, placeholders, is_default, created_by, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${columns}`,
        [
          ...[ctx.tenantId, uuid7(), formId, name, safeName(fileName), bytes, placeholders],
          ...[(count?.n ?? 0) === 0, memberOf(ctx), this.clock.now()],
        ],
      );
    });
    return present(row, await this.names(ctx, form));
  }

  async replace(
    ctx: TenantContext,
    id: PrintTemplateId,
    fileName: string,
    content: Readable,
  ): Promise<PrintTemplateView> {
    const before = await this.load(ctx, id);
    const form = await this.designed(ctx, before.form_id);
    const { bytes, placeholders } = await readTemplate(content);
    const row = await this.database.withTenant(ctx, (tx) =>
      this.one(
        tx,
        `UPDATE lianke.print_template SET file_name = $3, content = $4, placeholders = $5, updated_at = $6
         WHERE tenant_id = $1 AND id = $2 RETURNING ${columns}`,
        [ctx.tenantId, id, safeName(fileName), bytes, placeholders, this.clock.now()],
      ),
    );
    return present(row, await this.names(ctx, form));
  }

  async update(
    ctx: TenantContext,
    id: PrintTemplateId,
    change: { name?: string | undefined; isDefault?: boolean | undefined },
  ): Promise<PrintTemplateView> {
    const before = await this.load(ctx, id);
    const form = await this.designed(ctx, before.form_id);
    const row = await this.database.withTenant(ctx, async (tx) => {
      if (change.isDefault)
        await tx.run('UPDATE lianke.print_template SET is_default = false WHERE tenant_id = $1 AND form_id = $2', [
          ctx.tenantId,
          before.form_id,
        ]);
      return this.one(
        tx,
        `UPDATE lianke.print_template SET name = coalesce($3, name), is_default = coalesce($4, is_default)
         WHERE tenant_id = $1 AND id = $2 RETURNING ${columns}`,
        [ctx.tenantId, id, change.name ?? null, change.isDefault ?? null],
      );
    });
    return present(row, await this.names(ctx, form));
  }

  async remove(ctx: TenantContext, id: PrintTemplateId): Promise<void> {
    await this.designed(ctx, (await this.load(ctx, id)).form_id);
    await this.database.withTenant(ctx, (tx) =>
      tx.run('DELETE FROM lianke.print_template WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, id]),
    );
  }

  /** The file itself, for its designers. */
  async file(ctx: TenantContext, id: PrintTemplateId): Promise<{ name: string; bytes: Buffer }> {
    const row = await this.load(ctx, id);
    await this.designed(ctx, row.form_id);
    return { name: row.file_name, bytes: await this.bytes(ctx, id) };
  }

  /** A template of this form, for printing. */
  async ofForm(
    ctx: TenantContext,
    formId: FormId,
    id: PrintTemplateId,
  ): Promise<{ name: string; bytes: Buffer; placeholders: string[] }> {
    const row = await this.load(ctx, id);
    if (row.form_id !== formId) throw new AppError('not_found');
    return { name: row.name, bytes: await this.bytes(ctx, id), placeholders: row.placeholders };
  }

  /** A Word file with every field of the form as its placeholder, to begin with. */
  async sample(ctx: TenantContext, formId: FormId): Promise<{ name: string; bytes: Buffer }> {
    const form = await this.designed(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    const accessOf = await this.access.ofForms(ctx);
    const document = sampleDocument(
      form,
      form.fields.filter((field) => access.mayRead(field)),
      ({ part }) => (part ? ownFields(part).filter((inner) => accessOf(part.id).mayRead(inner)) : []),
    );
    return { name: `${form.name} ${templateName[languageIn(ctx)]}.docx`, bytes: writeDocx(document) };
  }

  private async names(ctx: TenantContext, form: FormMeta): Promise<PrintNames> {
    return new PrintNames(form, await this.registry.all(ctx));
  }

  private async one(tx: Tx, text: string, values: SqlValue[]): Promise<TemplateRow> {
    const [row] = await tx.sql<TemplateRow>(text, values);
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async load(ctx: TenantContext, id: PrintTemplateId): Promise<TemplateRow> {
    const row = await this.database.withTenant(ctx, (tx) =>
      this.one(tx, `SELECT ${columns} FROM lianke.print_template WHERE tenant_id = $1 AND id = $2`, [ctx.tenantId, id]),
    );
    await this.opened(ctx, row.form_id);
    return row;
  }

  private async bytes(ctx: TenantContext, id: PrintTemplateId): Promise<Buffer> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ content: Buffer }>('SELECT content FROM lianke.print_template WHERE tenant_id = $1 AND id = $2', [
        ctx.tenantId,
        id,
      ]),
    );
    if (!row) throw new AppError('not_found');
    return row.content;
  }

  /** For whoever prints with it or designs it. */
  private async opened(ctx: TenantContext, formId: FormId): Promise<FormMeta> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('print') && !access.may('design'))
      throw refusal('forbidden', { zh: '打印数据', en: 'print records' });
    return form;
  }

  private async designed(ctx: TenantContext, formId: FormId): Promise<FormMeta> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('design')) throw refusal('forbidden', { zh: '设计应用', en: 'design the app' });
    return form;
  }
}

function present(row: TemplateRow, names: PrintNames): PrintTemplateView {
  return {
    id: row.id,
    formId: row.form_id,
    name: row.name,
    fileName: row.file_name,
    size: row.size,
    isDefault: row.is_default,
    placeholders: row.placeholders,
    unknown: row.placeholders.filter((text) => !means(text, names)),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

function means(text: string, names: PrintNames): boolean {
  const [ref = '', format] = text.split('|');
  if (format !== undefined && !knownFormat(format)) return false;
  return ref === '序号' || names.resolve(ref) !== undefined;
}

async function readTemplate(content: Readable): Promise<{ bytes: Buffer; placeholders: string[] }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw refusal('too_large', {
        zh: '打印模板最大 5 MB，请把里面的图片压缩后再上传',
        en: 'a print template may have at most 5 MB; compress its pictures and upload it again',
      });
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { bytes, placeholders: placeholdersOf(bytes) };
}

/** What a template asks for. @throws AppError `invalid_file` for what is no Word file with placeholders */
export function placeholdersOf(bytes: Buffer): string[] {
  const found = templatePlaceholders(DocxPackage.open(bytes));
  if (found.length === 0)
    throw refusal('invalid_file', {
      zh: '模板里没有占位符。把要填的地方写成 {{字段名}}，例如 {{客户名称}}，也可以先下载示例模板来改',
      en: 'the template has no placeholders. Write {{field name}} where a value is to stand, for example {{客户名称}}, or download the sample template and change it',
    });
  return found.map(({ ref, format }) => (format ? `${ref}|${format}` : ref)).slice(0, 1000);
}

export function safeName(name: string): string {
  return name.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(-200) || 'template.docx';
}
