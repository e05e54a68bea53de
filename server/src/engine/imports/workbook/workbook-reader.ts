import { existsSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packWorkbook, unpackWorkbook } from './packed-workbook.js';
import { readWorkbookFile } from './read-workbook.js';
import type { WorkerAnswer, WorkerQuestion } from './read-worker.js';
import { badFile, type Workbook } from './workbook.js';

const script = new URL('./read-worker.js', import.meta.url);
/** Rows are short-lived; a young generation of the usual 48 MB only holds more of those that are gone. */
const youngMb = 16;
/** Time for any file, and more for each megabyte of it. */
const limits = { withinMs: 60_000, moreMsPerMb: 4000, maxHeapMb: 2048 };

/**
 * Reads files, each in a thread of its own, so that a large or hostile one neither holds up other people's requests nor takes the
 * process with it: one that takes too long or over 2 GB is refused. A thread that has loaded its code already waits for the next
 * file. From TypeScript sources, where no compiled thread exists, reads in place.
 */
export class WorkbookReader {
  private spare: Worker | undefined;
  private closed = false;

  constructor(
    private readonly file: URL = script,
    private readonly bounds: { withinMs: number; moreMsPerMb?: number; maxHeapMb: number } = limits,
  ) {}

  /** Has a thread ready for the next file. */
  prepare(): void {
    if (this.closed || this.spare || !existsSync(fileURLToPath(this.file))) return;
    const spare = this.thread();
    spare.unref();
    spare.once('error', () => {
      if (this.spare === spare) this.spare = undefined;
    });
    this.spare = spare;
  }

  /** Reads the file at `path`; rows of large sheets go through a file at `${path}.rows`, which is gone after this. */
  async read(path: string): Promise<Workbook> {
    const spoolPath = `${path}.rows`;
    try {
      if (!existsSync(fileURLToPath(this.file)))
        return unpackWorkbook(packWorkbook(await readWorkbookFile(path, spoolPath)), spoolPath);
      return await this.ask({ path, spoolPath });
    } finally {
      // Whoever reads the rows has the file open; systems that refuse this have it removed with its folder.
      rmSync(spoolPath, { force: true });
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.spare?.terminate();
  }

  private thread(): Worker {
    return new Worker(this.file, {
      resourceLimits: { maxOldGenerationSizeMb: this.bounds.maxHeapMb, maxYoungGenerationSizeMb: youngMb },
    });
  }

  private ask(question: WorkerQuestion): Promise<Workbook> {
    const worker = this.spare ?? this.thread();
    this.spare = undefined;
    const megabytes = Math.floor(statSync(question.path).size / 2 ** 20);
    return new Promise<Workbook>((resolve, reject) => {
      const tooMuch = () =>
        reject(
          badFile({
            zh: '文件太大或太复杂，没有读完，请删去多余的工作表和格式，或拆成几个文件再上传',
            en: 'the file is too large or too complex and was not read to the end; delete sheets and formats you do not need, or split it into several files, and upload again',
          }),
        );
      const timer = setTimeout(tooMuch, this.bounds.withinMs + megabytes * (this.bounds.moreMsPerMb ?? 0));
      worker.once('message', (answer: WorkerAnswer) => {
        clearTimeout(timer);
        if ('packed' in answer) resolve(unpackWorkbook(answer.packed, question.spoolPath));
        else reject('refused' in answer ? badFile(answer.refused) : new Error(answer.failed));
      });
      // Also how a thread out of memory ends.
      worker.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooMuch();
        else reject(error);
      });
      worker.postMessage(question);
    }).finally(() => {
      void worker.terminate();
      this.prepare();
    });
  }
}
