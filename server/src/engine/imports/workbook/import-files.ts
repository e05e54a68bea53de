import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import { type FileStorage, FileTooLargeError } from '../../../kernel/storage/file-storage.js';
import { STORAGE } from '../../../kernel/tokens.js';
import { type Workbook, workbookLimits } from './workbook.js';
import { WorkbookCache } from './workbook-cache.js';
import { WorkbookReader } from './workbook-reader.js';

/** Uploaded workbooks: their bytes in storage, the latest ones read. */
@Injectable()
export class ImportFiles implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly cache = new WorkbookCache();
  private readonly reader = new WorkbookReader();

  constructor(@Inject(STORAGE) private readonly storage: FileStorage) {}

  onApplicationBootstrap(): void {
    this.reader.prepare();
  }

  onApplicationShutdown(): Promise<void> {
    return this.reader.close();
  }

  /** Stores an upload and reads it. A file that cannot be read is not kept. */
  async receive(key: string, content: Readable): Promise<Workbook> {
    await this.storage.put(key, content, { maxBytes: workbookLimits.fileBytes }).catch((error: unknown) => {
      if (error instanceof FileTooLargeError)
        throw refusal('too_large', {
          zh: '表格文件最大 200 MB，请拆成几个文件再上传',
          en: 'a spreadsheet may have at most 200 MB; split it into several files and upload again',
        });
      throw error;
    });
    try {
      const workbook = await this.read(key);
      this.cache.put(key, workbook);
      return workbook;
    } catch (error) {
      await this.storage.delete(key);
      throw error;
    }
  }

  workbook(row: { storage_key: string }): Promise<Workbook> {
    return this.cache.get(row.storage_key, () => this.read(row.storage_key));
  }

  async remove(key: string): Promise<void> {
    this.cache.delete(key);
    await this.storage.delete(key);
  }

  /** Puts the bytes of an upload into a file. */
  async copyTo(key: string, path: string): Promise<void> {
    const { stream } = await this.storage.get(key);
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
  }

  private async read(key: string): Promise<Workbook> {
    const folder = await mkdtemp(join(tmpdir(), 'lianke-import-'));
    try {
      const path = join(folder, 'file');
      await this.copyTo(key, path);
      return await this.reader.read(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
