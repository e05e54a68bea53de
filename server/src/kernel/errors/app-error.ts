import { type ErrorCode, errorCodes, type FieldError, fillMessage } from '@lianke/shared/errors/codes';
import type { Words } from '@lianke/shared/errors/issue-text';

/**
 * A refusal that reaches the caller as problem JSON; anything else thrown is a bug and answers `internal`. `more.words`
 * takes the place of the parameter that says why in the caller's language, `more.english` of any other whose value is words.
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: Record<string, string | number> = {},
    readonly more: {
      fields?: FieldError[];
      current?: unknown;
      conflict?: unknown;
      words?: Words;
      english?: Record<string, string>;
    } = {},
  ) {
    super(`${code} ${JSON.stringify(params)}`);
  }
}

/** Which parameter of a code says why: what may not be done, else what is wrong. */
function reasonOf(code: ErrorCode): 'action' | 'detail' {
  return code === 'forbidden' ? 'action' : 'detail';
}

/** A refusal that says why in both languages: what is wrong, where, and how to mend it; of `forbidden`, what may not be done. */
export function refusal(
  code: ErrorCode,
  words: Words,
  params: Record<string, string | number> = {},
  more: Omit<AppError['more'], 'words'> = {},
): AppError {
  return new AppError(code, { ...params, [reasonOf(code)]: words.zh }, { ...more, words });
}

/** A refusal's params as readers of a language get them. */
export function paramsIn({ code, params, more }: AppError, language: 'zh' | 'en'): Record<string, string | number> {
  return {
    ...params,
    ...(more.words ? { [reasonOf(code)]: more.words[language] } : {}),
    ...(language === 'en' ? more.english : {}),
  };
}

/** A refusal as a sentence in the reader's language, where it is told beside what was done and not as a problem. */
export function reasonIn(error: AppError, language: 'zh' | 'en'): string {
  return fillMessage(errorCodes[error.code][language], paramsIn(error, language));
}

/** A refusal as a sentence of both languages, where it is kept for readers of either. */
export function sentenceOf(error: AppError): Words {
  return { zh: reasonIn(error, 'zh'), en: reasonIn(error, 'en') };
}
