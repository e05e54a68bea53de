import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packWorkbook, unpackWorkbook } from './packed-workbook.js';
import { readWorkbook } from './read-workbook.js';
import type { WorkerAnswer } from './read-worker.js';
import { badFile, type Workbook } from './workbook.js';

const script = new URL('./read-worker.js', import.meta.url);
const limits = { withinMs: 60_000, maxHeapMb: 2048 };

/**
 * Reads a file in a thread of its own, so that a large or hostile one neither holds up other people's requests nor takes the
 * process with it: after a minute or 2 GB it is refused. From TypeScript sources, where no compiled thread exists, reads in place.
 */
export async function readInThread(bytes: Buffer, file: URL = script, bounds = limits): Promise<Workbook> {
  return existsSync(fileURLToPath(file))
    ? ask(file, bytes, bounds)
    : unpackWorkbook(packWorkbook(await readWorkbook(bytes)));
}

function ask(file: URL, bytes: Buffer, { withinMs, maxHeapMb }: typeof limits): Promise<Workbook> {
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
  return new Promise<Workbook>((resolve, reject) => {
    const tooMuch = () => reject(badFile('文件太大或太复杂，没有读完，请删去多余的工作表和格式，或拆成几个文件再上传'));
    const timer = setTimeout(tooMuch, withinMs);
    worker.once('message', (answer: WorkerAnswer) => {
      clearTimeout(timer);
      if ('packed' in answer) resolve(unpackWorkbook(answer.packed));
      else reject('refused' in answer ? badFile(answer.refused) : new Error(answer.failed));
    });
    // Also how a thread out of memory ends.
    worker.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooMuch();
      else reject(error);
    });
    worker.postMessage(bytes);
  }).finally(() => worker.terminate());
}
