import { errorCodes, fillMessage } from '@lianke/shared/errors/codes';
import { AppError } from '../../../kernel/errors/app-error.js';

/** What a person is told of a run that ended early; what is a bug stays in the log. */
export function failureMessage(error: unknown): string {
  return error instanceof AppError
    ? fillMessage(errorCodes[error.code].zh, error.params)
    : '系统出错，导入停下了；已导入的数据可以撤销';
}
