import { parentPort } from 'node:worker_threads';
import type { Words } from '@lianke/shared/errors/issue-text';
import { AppError } from '../../../kernel/errors/app-error.js';
import { transferable } from './packed-rows.js';
import { type PackedWorkbook, packWorkbook } from './packed-workbook.js';
import { readWorkbookFile } from './read-workbook.js';

/** The file to read, and where to put the rows of large sheets. */
export interface WorkerQuestion {
  path: string;
  spoolPath: string;
}

/** What the thread answers: the workbook, or why the file is refused, or a bug. */
export type WorkerAnswer = { packed: PackedWorkbook } | { refused: Words } | { failed: string };

// One file a thread: it ends with its answer, and whatever memory the file took goes with it.
parentPort?.once('message', async (question: WorkerQuestion) => {
  const answer = await answerFor(question);
  const handed =
    'packed' in answer ? answer.packed.sheets.flatMap(({ cells }) => (cells ? transferable(cells) : [])) : [];
  parentPort?.postMessage(answer, handed);
});

async function answerFor({ path, spoolPath }: WorkerQuestion): Promise<WorkerAnswer> {
  try {
    return { packed: packWorkbook(await readWorkbookFile(path, spoolPath)) };
  } catch (error) {
    if (error instanceof AppError && error.more.words) return { refused: error.more.words };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
