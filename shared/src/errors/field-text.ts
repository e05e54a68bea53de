import { type FieldError, type FieldErrorCode, fieldErrorCodes, fillMessage } from './codes.js';
import type { Language } from './issue-names.js';

/** What a value should be, by the Chinese word that `wrong_type` carries as `expected`. */
export const expectedInEnglish: Readonly<Record<string, string>> = {
  文本: 'text',
  选项: 'an option',
  '是/否': 'yes or no',
  附件: 'files',
  标签: 'tags',
  定位: 'a place',
  地址: 'an address',
};

/** Stands for the fields of an error whose reader may see none of them. */
export const thisRecord = '这条数据';

type Params = NonNullable<FieldError['params']>;

/** Parameters of a field's error as readers of a language get them. @param english further words for `expected` */
export function fieldParamsIn(
  params: Params | undefined,
  language: Language,
  english: Readonly<Record<string, string>> = expectedInEnglish,
): Params | undefined {
  if (language === 'zh' || !params) return params;
  const { expected, fields } = params;
  const kind = typeof expected === 'string' ? expected.split('、').map((word) => english[word] ?? word) : undefined;
  return {
    ...params,
    ...(kind && { expected: kind.join(' or ') }),
    ...(typeof fields === 'string' && { fields: listedInEnglish(fields) }),
  };
}

/** What is wrong with a field's value, as a sentence in the reader's language. */
export function fieldErrorText(code: FieldErrorCode, params: Params | undefined, language: Language): string {
  return fillMessage(fieldErrorCodes[code][language], fieldParamsIn(params, language));
}

function listedInEnglish(names: string): string {
  return names === thisRecord ? 'this record' : names.replace(/“([^”]*)”/g, '"$1"').replaceAll('、', ', ');
}
