import { Readable } from 'node:stream';
import type { FileView } from '@lianke/shared/files/api';
import type { FileId, FormId, RecordId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { type FileStorage, FileTooLargeError } from '../../kernel/storage/file-storage.js';
import { STORAGE } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';
import { sniffMime } from './sniff-mime.js';

interface FileRow {
  id: FileId;
  name: string;
  mime: string;
  size: number;
  storage_key: string;
  uploader_id: string | null;
}

const maxBytes = 100 * 1024 * 1024;
const headBytes = 4096;

/** Uploaded files: readable by their uploader, and by whoever may read a record and field that holds them. */
@Injectable()
export class FilesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    @Inject(STORAGE) private readonly storage: FileStorage,
  ) {}

  /** Stores an upload. The type is what the bytes say, not what the sender says. */
  async upload(ctx: TenantContext, name: string, content: Readable): Promise<FileView> {
    return this.keep(ctx, uuid7() as FileId, name, content);
  }

  /** Stores an upload under an id of the caller's; doing it again with the same content changes nothing. */
  async keep(ctx: TenantContext, id: FileId, name: string, content: Readable): Promise<FileView> {
    const head: Buffer[] = [];
    let seen = 0;
    // Read on the way through: a listener of its own would start the stream before the store is ready and lose bytes.
    async function* watched(): AsyncGenerator<Buffer> {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        if (seen < headBytes) head.push(chunk.subarray(0, headBytes - seen));
        seen += chunk.length;
        yield chunk;
      }
    }
    const stored = await this.storage.put(id, Readable.from(watched()), { maxBytes }).catch((error) => {
      if (error instanceof FileTooLargeError)
        throw refusal('too_large', { zh: '单个文件最大 100 MB', en: 'a file may have at most 100 MB' });
      throw error;
    });
    const mime = sniffMime(Buffer.concat(head), name);
    const safe = name.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(-200) || 'file';
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.file (tenant_id, id, name, mime, size, storage_key, uploader_id) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT DO NOTHING',
        [ctx.tenantId, id, safe, mime, stored.size, stored.key, memberOf(ctx)],
      ),
    );
    return { id, name: safe, size: stored.size, mime };
  }

  /** The file's bytes, after checking that the reader may see a record and field that holds it. */
  async open(ctx: TenantContext, id: FileId): Promise<{ file: FileView; stream: Readable }> {
    const { file, refs } = await this.database.withTenant(ctx, async (tx) => {
      const [files, refs] = await Promise.all([
        tx.sql<FileRow>('SELECT id, name, mime, size, storage_key, uploader_id FROM lianke.file WHERE id = $1', [id]),
        tx.sql<{ form_id: FormId; record_id: RecordId; field: string }>(
          `SELECT form_id, record_id, field FROM ${ident(tenantName(ctx.tenantId))}.file_ref WHERE file_id = $1 LIMIT 50`,
          [id],
        ),
      ]);
      return { file: files[0], refs };
    });
    if (!file) throw new AppError('not_found');
    const me = memberOf(ctx);
    const own = refs.length === 0 && me !== null && file.uploader_id === me;
    if (me !== null && !own && !(await this.reachable(ctx, refs))) throw new AppError('not_found');
    const { stream } = await this.storage.get(file.storage_key);
    return { file: { id: file.id, name: file.name, size: file.size, mime: file.mime }, stream };
  }

  /** Removes uploads from before `cutoff` that no record refers to. @returns how many went, at most `limit` */
  async removeUnreferenced(ctx: { tenantId: TenantId }, cutoff: Date, limit: number): Promise<number> {
    const gone = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ storage_key: string }>(
        `DELETE FROM lianke.file f WHERE f.id IN (
           SELECT id FROM lianke.file q WHERE q.created_at < $1
             AND NOT EXISTS (SELECT 1 FROM ${ident(tenantName(ctx.tenantId))}.file_ref r WHERE r.file_id = q.id) LIMIT ${limit})
         RETURNING f.storage_key`,
        [cutoff],
      ),
    );
    for (const { storage_key } of gone) await this.storage.delete(storage_key);
    return gone.length;
  }

  private async reachable(
    ctx: TenantContext,
    refs: readonly { form_id: FormId; record_id: RecordId; field: string }[],
  ): Promise<boolean> {
    const forms = await this.registry.all(ctx);
    for (const ref of refs) {
      const form = forms.get(ref.form_id);
      if (ref.field.startsWith('task:') && (await this.hasPart(ctx, ref.field.slice('task:'.length)))) return true;
      const field = form?.field(ref.field);
      if (!form || !field || !(await this.access.ofForm(ctx, form)).mayRead(field)) continue;
      const found = await this.reader.getMany(ctx, ref.form_id, [ref.record_id]).catch(() => []);
      if (found.length > 0) return true;
    }
    return false;
  }

  /** Signatures and attachments of an approval are for whoever has a part in it. */
  private async hasPart(ctx: TenantContext, task: string): Promise<boolean> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql(
        `SELECT 1 FROM lianke.task t JOIN lianke.task o ON o.tenant_id = t.tenant_id AND o.run_id = t.run_id
         WHERE t.id = $1 AND $2 IN (o.member_id, o.decided_by, o.starter_id)
         UNION ALL SELECT 1 FROM lianke.task t JOIN lianke.copy c ON c.tenant_id = t.tenant_id AND c.run_id = t.run_id WHERE t.id = $1 AND c.member_id = $2 LIMIT 1`,
        [task, memberOf(ctx)],
      ),
    );
    return rows.length > 0;
  }
}
