import type { ErrorCode, FieldError } from '@lianke/shared/errors/codes';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { BatchResult } from '@lianke/shared/records/write';
import { AppError, refusal as phrased, reasonIn } from '../../../kernel/errors/app-error.js';
import { toldFieldError } from '../../../kernel/errors/expected-words.js';

/** Why one row is refused; the same shape from every door. */
export interface RowRefusal {
  code: ErrorCode;
  params?: Record<string, string | number>;
  /** Why, in both languages: takes the place of the parameter that is a phrase. */
  words?: Words;
  fields?: FieldError[];
  current?: unknown;
}

/** The result of a refused row, which says why in the language of whoever wrote it. */
export function refused(index: number, refusal: RowRefusal, language: Language, id: string | null = null): BatchResult {
  return {
    index,
    status: 'failed',
    id,
    version: null,
    error: {
      code: refusal.code,
      message: reasonIn(toAppError(refusal), language),
      ...(refusal.fields ? { fields: refusal.fields.map((error) => toldFieldError(error, language)) } : {}),
    },
  };
}

/** Thrown inside the transaction of an atomic request, so that everything is rolled back. */
export class BatchRefused extends Error {
  constructor(
    readonly results: BatchResult[],
    readonly refusals: ReadonlyMap<number, RowRefusal>,
  ) {
    super('a row was refused');
  }
}

/** The refusal of a single-row request as the error its caller gets. */
export function toAppError(refusal: RowRefusal): AppError {
  const more = {
    ...(refusal.fields ? { fields: refusal.fields } : {}),
    ...(refusal.current === undefined ? {} : { current: refusal.current }),
  };
  return refusal.words
    ? phrased(refusal.code, refusal.words, refusal.params, more)
    : new AppError(refusal.code, refusal.params, more);
}

/** Why a row was refused in a sentence of each language: what is wrong with its first faulty field, else with the row. */
export function reasonOf(refusal: RowRefusal): Words {
  const [fault] = refusal.fields ?? [];
  const said = (language: Language) =>
    fault ? toldFieldError(fault, language).message : reasonIn(toAppError(refusal), language);
  return { zh: said('zh'), en: said('en') };
}

/** Results of an atomic request that was refused: nothing was written. */
export function withheld(results: readonly BatchResult[], language: Language): BatchResult[] {
  return results.map((result) =>
    result.status === 'failed'
      ? result
      : refused(
          result.index,
          {
            code: 'wrong_state',
            words: {
              zh: '同批的其他数据有误，整批没有写入',
              en: 'other records of the same batch are not valid; nothing of the batch was written',
            },
          },
          language,
        ),
  );
}
