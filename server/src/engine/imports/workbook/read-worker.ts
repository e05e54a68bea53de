import { parentPort } from 'node:worker_threads';
import { AppError } from '../../../kernel/errors/app-error.js';
import { transferable } from './packed-rows.js';
import { type PackedWorkbook, packWorkbook } from './packed-workbook.js';
import { readWorkbook } from './read-workbook.js';

/** What the thread answers: the workbook, or why the file is refused, or a bug. */
export type WorkerAnswer = { packed: PackedWorkbook } | { refused: string } | { failed: string };

// One file a thread: it ends with its answer, and whatever memory the file took goes with it.
parentPort?.once('message', async (bytes: Uint8Array) => {
  const answer = await answerFor(bytes);
  const handed = 'packed' in answer ? answer.packed.sheets.flatMap((sheet) => transferable(sheet.cells)) : [];
  parentPort?.postMessage(answer, handed);
});

async function answerFor(bytes: Uint8Array): Promise<WorkerAnswer> {
  try {
    const workbook = await readWorkbook(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { packed: packWorkbook(workbook) };
  } catch (error) {
    if (error instanceof AppError) return { refused: String(error.params.detail ?? '') };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
