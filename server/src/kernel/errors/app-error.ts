import type { ErrorCode, FieldError } from '@lianke/shared/errors/codes';
import type { Words } from '@lianke/shared/errors/issue-text';

/**
 * A refusal that reaches the caller as problem JSON; anything else thrown is a bug and answers `internal`. `more.words`
 * takes the place of the parameter `detail` in the caller's language.
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: Record<string, string | number> = {},
    readonly more: { fields?: FieldError[]; current?: unknown; conflict?: unknown; words?: Words } = {},
  ) {
    super(`${code} ${JSON.stringify(params)}`);
  }
}

/** A refusal that says why in both languages: what is wrong, where, and how to mend it. */
export function refusal(code: ErrorCode, { zh, en }: Words, params: Record<string, string | number> = {}): AppError {
  return new AppError(code, { ...params, detail: zh }, { words: { zh, en } });
}
