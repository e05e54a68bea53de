import { Readable } from 'node:stream';
import type { FileView } from '@lianke/shared/files/api';
import { type FileId, isUuid } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { UploadKind } from '@lianke/shared/public-forms/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FilesService } from '../files/files.service.js';
import type { FormMeta } from '../forms/form-meta.js';
import { publicFields } from './public-access.js';
import type { PublicFormRow } from './public-form-row.js';
import { PublicSeal } from './seal.js';
import { VisitDoor, type Visitor } from './visit-door.js';

/** Stands for a file that is not the visitor's: the write path answers as it does for one that does not exist. */
const noFile = (at: number) => `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`;

const kinds: Record<UploadKind, (mime: string) => boolean> = {
  image: (mime) => mime.startsWith('image/'),
  pdf: (mime) => mime === 'application/pdf',
  office: (mime) => mime.startsWith('application/vnd.openxmlformats-officedocument.') || mime === 'text/plain',
  any: () => true,
};

/** Files that visitors of a link send along, and that no other visitor can name. */
@Injectable()
export class VisitorFiles {
  constructor(
    private readonly database: Database,
    private readonly files: FilesService,
    private readonly door: VisitDoor,
    private readonly seal: PublicSeal,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Keeps a file for this visitor's submission; nobody else can refer to it, and nobody outside can read it again. */
  async upload(
    token: string,
    visitor: Visitor,
    pass: string | undefined,
    name: string,
    content: Readable,
  ): Promise<FileView> {
    await this.door.take('upload', token, visitor);
    const { ctx, row, form } = await this.door.entered(token, pass);
    if (!publicFields(form, row.settings).some((field) => field.type.refers === 'file'))
      throw new AppError('not_found');
    const { maxMb, kinds: allowed } = row.settings.uploads;
    const file = await this.files.upload(ctx, name, Readable.from(bounded(content, maxMb)));
    if (!allowed.some((kind) => kinds[kind](file.mime))) {
      await this.database.withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.file WHERE id = $1', [file.id]));
      throw refusal('invalid_file', { zh: '这里不能上传这种文件', en: 'files of this kind cannot be uploaded here' });
    }
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.public_upload (tenant_id, file_id, public_form_id, visitor, at) VALUES ($1, $2, $3, $4, $5)',
        [ctx.tenantId, file.id, row.id, this.seal.mark('visitor', visitor.mark), this.clock.now()],
      ),
    );
    return file;
  }

  /** What is submitted, with files that this visitor did not send here made unknown ones; no more of them than allowed. */
  async ownOnly(
    ctx: TenantContext,
    row: PublicFormRow,
    form: FormMeta,
    mark: string,
    values: Record<string, Json>,
  ): Promise<Record<string, Json>> {
    const named = publicFields(form, row.settings).flatMap((field) => {
      const value = field.type.refers === 'file' ? (values[field.key] ?? values[field.id]) : null;
      const ids = Array.isArray(value)
        ? value.filter((id) => typeof id === 'string')
        : typeof value === 'string'
          ? [value]
          : [];
      return ids.map((id) => ({ field: field.key, id: id as FileId }));
    });
    if (named.length === 0) return values;
    const { maxFiles } = row.settings.uploads;
    if (named.length > maxFiles)
      throw refusal('invalid_request', {
        zh: `一次最多上传 ${maxFiles} 个文件`,
        en: `at most ${maxFiles} files can be uploaded at a time`,
      });
    const found = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ file_id: string }>(
        `SELECT file_id FROM lianke.public_upload WHERE public_form_id = $1 AND visitor = $2 AND file_id::text = ANY($3::text[])`,
        [row.id, mark, named.map(({ id }) => id)],
      ),
    );
    const own = new Set(found.map((file) => file.file_id));
    const foreign = new Set<string>(named.flatMap(({ id }) => (own.has(id) || !isUuid(id) ? [] : [id])));
    if (foreign.size === 0) return values;
    const hidden = (value: Json): Json =>
      Array.isArray(value)
        ? value.map(hidden)
        : typeof value === 'string' && foreign.has(value)
          ? noFile([...foreign].indexOf(value))
          : value;
    const fields = new Set(named.flatMap(({ field }) => [field, String(form.field(field)?.id)]));
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, fields.has(key) ? hidden(value) : value]),
    );
  }
}

async function* bounded(content: Readable, maxMb: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxMb * 1024 * 1024)
      throw refusal('too_large', { zh: `单个文件最大 ${maxMb} MB`, en: `a file may have at most ${maxMb} MB` });
    yield chunk;
  }
}
