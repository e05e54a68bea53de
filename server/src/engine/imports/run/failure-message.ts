import { AppError, reasonIn } from '../../../kernel/errors/app-error.js';
import type { ImportWords } from '../words.js';

/** What a person is told of a run that ended early; what is a bug stays in the log. */
export function failureMessage(error: unknown, words: ImportWords): string {
  return error instanceof AppError ? reasonIn(error, words.language) : words.broken();
}
