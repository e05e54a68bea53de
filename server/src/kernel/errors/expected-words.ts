import type { FieldError } from '@lianke/shared/errors/codes';
import { fieldTypes } from '@lianke/shared/fields/registry';

/** What a value should be, by the Chinese word that `wrong_type` carries as `expected`. */
const english: ReadonlyMap<string, string> = new Map([
  ...Object.values(fieldTypes).map(({ label }) => [label.zh, label.en] as const),
  ['文本', 'text'],
  ['选项', 'an option'],
  ['是/否', 'yes or no'],
]);

/** A field's error with the words of its parameters as readers of a language get them. */
export function fieldErrorIn(error: FieldError, language: 'zh' | 'en'): FieldError {
  const expected = error.params?.expected;
  if (language === 'zh' || typeof expected !== 'string') return error;
  const words = expected.split('、').map((word) => english.get(word) ?? word);
  return { ...error, params: { ...error.params, expected: words.join(' or ') } };
}
