import { ApiError } from '@lianke/shared/api/client';
import { errorCodes, type FieldErrorCode, fieldErrorCodes, fillMessage } from '@lianke/shared/errors/codes';
import { fieldErrorText } from '@lianke/shared/errors/field-text';
import { currentLanguage, i18n } from '../i18n/index.js';

/** A failure as one sentence in the reader's language. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiError)) return i18n.t('common:internal');
  if (error.status === 0) return i18n.t('common:offline');
  const { code, params, detail } = error.problem;
  const known = code in errorCodes ? errorCodes[code as keyof typeof errorCodes] : undefined;
  const text = known?.[currentLanguage()];
  // Without its params a template would show holes; the server's own sentence is whole.
  if (text && (params || !text.includes('{'))) return fillMessage(text, params);
  if (code === 'internal' && error.problem.traceId) {
    return fillMessage(errorCodes.internal[currentLanguage()], { traceId: error.problem.traceId });
  }
  return detail ?? i18n.t('common:internal');
}

/** Refused values by field key, each with its reason in the reader's language; empty when the failure is another. */
export function fieldMessagesOf(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const messages: Record<string, string> = {};
  for (const item of error.problem.fields ?? []) {
    const known = item.code in fieldErrorCodes;
    messages[item.field] ??= known
      ? fieldErrorText(item.code as FieldErrorCode, item.params, currentLanguage())
      : item.message;
  }
  return messages;
}

/** True when the failure is an API refusal with this code. */
export function isCode(error: unknown, code: keyof typeof errorCodes): error is ApiError {
  return error instanceof ApiError && error.problem.code === code;
}
