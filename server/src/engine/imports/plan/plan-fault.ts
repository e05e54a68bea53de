import type { Words } from '@lianke/shared/errors/issue-text';
import { type AppError, refusal } from '../../../kernel/errors/app-error.js';

/** A plan that cannot be carried out; `sheet` may be empty when the fault is no sheet's own. */
export function invalid(sheet: string, { zh, en }: Words): AppError {
  return refusal(
    'invalid_definition',
    sheet === '' ? { zh, en } : { zh: `工作表“${sheet}”：${zh}`, en: `sheet "${sheet}": ${en}` },
  );
}

export function fault(sheet: string, words: Words): never {
  throw invalid(sheet, words);
}
