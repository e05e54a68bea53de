import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../kernel/errors/app-error.js';
import { type FileStorage, FileTooLargeError } from '../../../kernel/storage/file-storage.js';
import { STORAGE } from '../../../kernel/tokens.js';
import { type Workbook, workbookLimits } from './workbook.js';
import { WorkbookCache } from './workbook-cache.js';
import { readInThread } from './workbook-reader.js';

/** Uploaded workbooks: their bytes in storage, the latest ones parsed in memory. */
@Injectable()
export class ImportFiles {
  private readonly cache = new WorkbookCache();

  constructor(@Inject(STORAGE) private readonly storage: FileStorage) {}

  /** Stores an upload and reads it. A file that cannot be read is not kept. */
  async receive(key: string, content: Readable): Promise<Workbook> {
    const chunks: Buffer[] = [];
    content.on('data', (chunk: Buffer) => chunks.push(chunk));
    await this.storage.put(key, content, { maxBytes: workbookLimits.fileBytes }).catch((error: unknown) => {
      if (error instanceof FileTooLargeError)
        throw new AppError('too_large', { detail: '表格文件最大 50 MB，请拆成几个文件再上传' });
      throw error;
    });
    try {
      const workbook = await readInThread(Buffer.concat(chunks));
      this.cache.put(key, workbook);
      return workbook;
    } catch (error) {
      await this.storage.delete(key);
      throw error;
    }
  }

  workbook(row: { storage_key: string }): Promise<Workbook> {
    return this.cache.get(row.storage_key, async () =>
      readInThread(await buffer((await this.storage.get(row.storage_key)).stream)),
    );
  }

  async remove(key: string): Promise<void> {
    this.cache.delete(key);
    await this.storage.delete(key);
  }
}
