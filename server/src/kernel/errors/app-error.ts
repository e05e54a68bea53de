import type { ErrorCode, FieldError } from '@lianke/shared/errors/codes';
import type { Words } from '@lianke/shared/errors/issue-text';

/**
 * A refusal that reaches the caller as problem JSON; anything else thrown is a bug and answers `internal`. `more.words`
 * takes the place of the parameter that is a phrase ({@link phraseOf}) in the caller's language.
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

/** Which parameter of a code is a phrase in the caller's language: what may not be done, else what is wrong. */
export function phraseOf(code: ErrorCode): 'action' | 'detail' {
  return code === 'forbidden' ? 'action' : 'detail';
}

/** A refusal that says why in both languages: what is wrong, where, and how to mend it; of `forbidden`, what may not be done. */
export function refusal(
  code: ErrorCode,
  words: Words,
  params: Record<string, string | number> = {},
  more: Omit<AppError['more'], 'words'> = {},
): AppError {
  return new AppError(code, { ...params, [phraseOf(code)]: words.zh }, { ...more, words });
}
