import { type FieldError, fieldErrorCodes, fillMessage } from '@lianke/shared/errors/codes';
import { expectedInEnglish, fieldParamsIn } from '@lianke/shared/errors/field-text';
import type { Language } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';

/** What a setting should name: types of fields by their labels, beside the words for values. */
const english: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(fieldTypes).map(({ label }) => [label.zh, label.en])),
  ...expectedInEnglish,
};

/** A field's error as an answer carries it: its parameters and the sentence in the reader's language. */
export function toldFieldError(error: FieldError, language: Language): FieldError & { message: string } {
  const params = fieldParamsIn(error.params, language, english);
  return { ...error, ...(params && { params }), message: fillMessage(fieldErrorCodes[error.code][language], params) };
}
