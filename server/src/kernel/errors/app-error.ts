import type { ErrorCode, FieldError } from '@lianke/shared/errors/codes';

/** A refusal that reaches the caller as problem JSON; anything else thrown is a bug and answers `internal`. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: Record<string, string | number> = {},
    readonly more: { fields?: FieldError[]; current?: unknown; conflict?: unknown } = {},
  ) {
    super(`${code} ${JSON.stringify(params)}`);
  }
}
