import { AppError } from '../../../kernel/errors/app-error.js';

/** A plan that cannot be carried out; `sheet` may be empty when the fault is no sheet's own. */
export function invalid(sheet: string, detail: string): AppError {
  return new AppError('invalid_definition', { detail: sheet === '' ? detail : `工作表“${sheet}”：${detail}` });
}

export function fault(sheet: string, detail: string): never {
  throw invalid(sheet, detail);
}
