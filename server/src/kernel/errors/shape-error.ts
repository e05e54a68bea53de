import { issuesText, type Words } from '@lianke/shared/errors/issue-text';
import type { z } from 'zod';
import { type AppError, refusal } from './app-error.js';

/**
 * The refusal of an input whose shape a schema refuses: what is wrong, where, and what would be right, in both languages.
 * @param root what the whole input is called
 * @param place leads the sentence, where the input is part of something larger
 */
export function shapeError(
  code: 'invalid_request' | 'invalid_definition',
  error: z.ZodError,
  input: unknown,
  { root, place }: { root?: Words; place?: Words } = {},
): AppError {
  const words = issuesText(error.issues, input, root);
  return refusal(code, place ? { zh: `${place.zh}${words.zh}`, en: `${place.en}${words.en}` } : words);
}
