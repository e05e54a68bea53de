import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FileId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../context.js';
import { FilesService } from '../../files/files.service.js';
import type { RowOutcome } from '../check/outcome.js';
import type { ImportRow } from '../import-row.js';
import { pictureIds } from '../plan/picture-ids.js';
import { RowIds } from '../plan/row-ids.js';
import { ImportFiles } from '../workbook/import-files.js';
import { maxPictureBytes } from '../workbook/pictures.js';
import type { Workbook } from '../workbook/workbook.js';
import { ZipFile } from '../workbook/zip-file.js';

/** Stores the pictures of one file as the rows that hold them are written. */
export interface PictureStore {
  /** Stores what these rows hold and is not stored yet. */
  store(ctx: TenantContext, outcomes: readonly RowOutcome[]): Promise<void>;
  close(): Promise<void>;
}

/** Makes files of the pictures in an uploaded workbook. */
@Injectable()
export class ImportPictures {
  constructor(
    private readonly uploads: ImportFiles,
    private readonly files: FilesService,
  ) {}

  /** The workbook's bytes are fetched when the first picture is stored. */
  of(row: Pick<ImportRow, 'id' | 'storage_key'>, workbook: Workbook): PictureStore {
    const idOf = pictureIds(new RowIds(row.id), workbook);
    const names = new Map((workbook.pictures ?? []).map(({ name }) => [idOf(name) as string, name]));
    let opened: Promise<{ folder: string; file: number; zip: ZipFile }> | undefined;
    const done = new Set<string>();
    const store = async (ctx: TenantContext, id: string) => {
      const name = names.get(id);
      if (name === undefined || done.has(id)) return;
      opened ??= this.bring(row);
      const { zip } = await opened;
      await this.files.keep(ctx, id as FileId, basename(name), Readable.from(zip.stream(name, maxPictureBytes)));
      done.add(id);
    };
    return {
      store: async (ctx, outcomes) => {
        if (names.size === 0) return;
        for (const { writes } of outcomes)
          for (const { values } of writes) for (const id of textsIn(Object.values(values))) await store(ctx, id);
      },
      close: async () => {
        if (!opened) return;
        const { folder, file } = await opened;
        closeSync(file);
        await rm(folder, { recursive: true, force: true });
      },
    };
  }

  /** The bytes of pictures by their names in the file, the first ones of as many as fit. */
  async bytesOf(
    row: Pick<ImportRow, 'storage_key'>,
    workbook: Workbook,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const sizes = new Map((workbook.pictures ?? []).map(({ name, size }) => [name, size]));
    const wanted = names.filter((name) => sizes.has(name));
    if (wanted.length === 0) return found;
    const { folder, file, zip } = await this.bring(row);
    try {
      let bytes = 0;
      for (const name of wanted) {
        bytes += sizes.get(name) ?? 0;
        if (bytes > maxCarriedBytes) break;
        found.set(name, await buffer(Readable.from(zip.stream(name, maxPictureBytes))));
      }
      return found;
    } finally {
      closeSync(file);
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async bring(row: Pick<ImportRow, 'storage_key'>): Promise<{ folder: string; file: number; zip: ZipFile }> {
    const folder = await mkdtemp(join(tmpdir(), 'lianke-pictures-'));
    const path = join(folder, 'file');
    await this.uploads.copyTo(row.storage_key, path);
    const file = openSync(path, 'r');
    return { folder, file, zip: new ZipFile(path, file) };
  }
}

/** Bytes of pictures that a workbook of errors carries together. */
const maxCarriedBytes = 64 * 1024 * 1024;

/** All texts in lists, lines of subforms included. */
function* textsIn(values: readonly Json[]): Generator<string> {
  for (const value of values) {
    if (!Array.isArray(value)) continue;
    for (const item of value) {
      if (typeof item === 'string') yield item;
      else if (item !== null && typeof item === 'object' && !Array.isArray(item) && typeof item.values === 'object')
        yield* textsIn(Object.values((item.values ?? {}) as Record<string, Json>));
    }
  }
}
