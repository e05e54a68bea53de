import { parentPort } from 'node:worker_threads';
import { AppError } from '../../../kernel/errors/app-error.js';
import { readWorkbook } from './read-workbook.js';
import type { Workbook } from './workbook.js';

/** What the thread answers: the workbook, or why the file is refused, or a bug. */
export type WorkerAnswer = { workbook: Workbook } | { refused: string } | { failed: string };

// One file a thread: it ends with its answer, and whatever memory the file took goes with it.
parentPort?.once('message', async (bytes: Uint8Array) => {
  parentPort?.postMessage(await answerFor(bytes));
});

async function answerFor(bytes: Uint8Array): Promise<WorkerAnswer> {
  try {
    return { workbook: await readWorkbook(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) };
  } catch (error) {
    if (error instanceof AppError) return { refused: String(error.params.detail ?? '') };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
