import { type ErrorCode, errorCodes, type FieldError, fieldErrorCodes, fillMessage } from '@lianke/shared/errors/codes';
import type { BatchResult } from '@lianke/shared/records/write';
import { AppError } from '../../../kernel/errors/app-error.js';

/** Why one row is refused; the same shape from every door. */
export interface RowRefusal {
  code: ErrorCode;
  params?: Record<string, string | number>;
  fields?: FieldError[];
  current?: unknown;
}

export function refused(index: number, refusal: RowRefusal, id: string | null = null): BatchResult {
  return {
    index,
    status: 'failed',
    id,
    version: null,
    error: {
      code: refusal.code,
      message: fillMessage(errorCodes[refusal.code].zh, refusal.params),
      ...(refusal.fields
        ? {
            fields: refusal.fields.map((error) => ({
              ...error,
              message: fillMessage(fieldErrorCodes[error.code].zh, error.params),
            })),
          }
        : {}),
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
  return new AppError(refusal.code, refusal.params ?? {}, {
    ...(refusal.fields ? { fields: refusal.fields } : {}),
    ...(refusal.current === undefined ? {} : { current: refusal.current }),
  });
}

/** Results of an atomic request that was refused: nothing was written. */
export function withheld(results: readonly BatchResult[]): BatchResult[] {
  return results.map((result) =>
    result.status === 'failed'
      ? result
      : refused(result.index, { code: 'wrong_state', params: { detail: '同批的其他数据有误，整批没有写入' } }),
  );
}
