import { fillMessage } from '../errors/codes.js';
import type { Span } from './ast.js';

/** Everything that can be wrong with a formula, while it is written and while it is computed. */
export const formulaFaults = {
  empty: { zh: '公式是空的', en: 'The formula is empty' },
  too_long: { zh: '公式太长，最多 {max} 个字符', en: 'The formula is too long: at most {max} characters' },
  too_deep: { zh: '括号套得太深，最多 {max} 层', en: 'Too deeply nested: at most {max} levels' },
  strange_character: { zh: '这里不能有“{text}”', en: '"{text}" cannot stand here' },
  unclosed_text: { zh: '文本少了结尾的引号', en: 'The text has no closing quote' },
  unclosed_reference: { zh: '字段少了结尾的 }', en: 'The field has no closing }' },
  empty_reference: { zh: '{} 里要写字段名', en: 'Write a field name inside {}' },
  expected_value: { zh: '这里缺少一个值', en: 'A value is missing here' },
  expected_close: { zh: '少了一个右括号 )', en: 'A closing ) is missing' },
  unexpected: {
    zh: '多出来的“{text}”，前面少了运算符或逗号',
    en: 'Unexpected "{text}": an operator or comma is missing before it',
  },
  bad_number: { zh: '数字“{text}”太长', en: 'The number "{text}" is too long' },
  unknown_function: { zh: '没有函数“{name}”{hint}', en: 'There is no function "{name}"{hint}' },
  unknown_field: { zh: '没有字段“{name}”', en: 'There is no field "{name}"' },
  not_a_relation: {
    zh: '“{name}”不是关联字段，后面不能再接字段',
    en: '"{name}" is not a relation, nothing can follow it',
  },
  ambiguous_field: {
    zh: '“{name}”指的不止一个，请从列表里选',
    en: '"{name}" names more than one; choose from the list',
  },
  field_unusable: {
    zh: '“{name}”是{type}，不能用在公式里',
    en: '"{name}" is of type {type}, which formulas cannot read',
  },
  path_too_long: { zh: '关联最多跨 {max} 层', en: 'At most {max} relations in a row' },
  too_few: { zh: '{name} 至少需要 {min} 个参数', en: '{name} needs at least {min} arguments' },
  too_many: { zh: '{name} 最多 {max} 个参数', en: '{name} takes at most {max} arguments' },
  uneven: { zh: '{name} 的参数要成对出现', en: 'The arguments of {name} come in pairs' },
  wrong_type: { zh: '这里需要{wanted}，现在是{given}{hint}', en: 'This must be {wanted}, but it is {given}{hint}' },
  needs_single: {
    zh: '这里需要单个值，现在是多个值，可以用 SUM、FIRST 或 JOIN 变成一个',
    en: 'A single value is needed here; turn the list into one with SUM, FIRST or JOIN',
  },
  different_types: { zh: '{a}和{b}不能比较或混用', en: '{a} and {b} cannot be compared or mixed' },
  no_such_option: { zh: '“{name}”没有选项“{option}”', en: '"{name}" has no option "{option}"' },
  result_list: {
    zh: '结果是多个{kind}，请用 SUM、MAX、JOIN 等变成一个值',
    en: 'The result is a list of {kind}; make it one value with SUM, MAX, JOIN …',
  },
  result_blank: { zh: '公式的结果总是空的', en: 'The formula is always blank' },
  divide_by_zero: { zh: '除数是 0', en: 'Division by zero' },
  not_a_number: { zh: '“{text}”不是数字', en: '"{text}" is not a number' },
  not_a_date: { zh: '“{text}”不是日期', en: '"{text}" is not a date' },
  bad_argument: { zh: '{name} 的参数不对：{detail}', en: 'Bad argument of {name}: {detail}' },
  number_too_big: { zh: '数字太大，超过 30 位', en: 'The number has more than 30 digits' },
  text_too_long: { zh: '文本太长，最多 {max} 个字符', en: 'The text is longer than {max} characters' },
  list_too_long: { zh: '数据太多，最多 {max} 个', en: 'Too many values: at most {max}' },
  too_much_work: { zh: '公式计算量太大', en: 'The formula takes too much work' },
  no_match: { zh: '没有一个条件成立', en: 'No condition holds' },
} as const satisfies Record<string, { zh: string; en: string }>;

export type FormulaFaultCode = keyof typeof formulaFaults;

/** One fault and where it stands in the formula's text. */
export interface FormulaFault {
  code: FormulaFaultCode;
  at: Span;
  params?: Record<string, string | number>;
}

/** Thrown inside the formula engine only; every entry point turns it into a `FormulaFault`. */
export class FaultError extends Error {
  constructor(readonly fault: FormulaFault) {
    super(fault.code);
  }
}

/** Stops with a fault. */
export function fail(code: FormulaFaultCode, at: Span, params?: Record<string, string | number>): never {
  throw new FaultError({ code, at, ...(params ? { params } : {}) });
}

/** The fault as a sentence; kinds of values inside it are named in the same language. */
export function faultText(fault: FormulaFault, language: 'zh' | 'en'): string {
  const params = Object.fromEntries(
    Object.entries(fault.params ?? {}).map(([key, value]) => [key, word(String(value), language)]),
  );
  return fillMessage(formulaFaults[fault.code][language].replace('{}', '{ }'), params).replace('{ }', '{}');
}

const words: Record<string, { zh: string; en: string }> = {
  '@text': { zh: '文本', en: 'text' },
  '@number': { zh: '数字', en: 'a number' },
  '@boolean': { zh: '是或否', en: 'true or false' },
  '@date': { zh: '日期', en: 'a date' },
  '@datetime': { zh: '日期时间', en: 'a date and time' },
  '@moment': { zh: '日期或日期时间', en: 'a date or time' },
  '@blank': { zh: '空值', en: 'blank' },
  '@any': { zh: '一个值', en: 'a value' },
  '@list': { zh: '多个值', en: 'a list' },
  '@use-value': { zh: '，可以用 VALUE() 转成数字', en: '; VALUE() turns it into a number' },
  '@use-text': { zh: '，可以用 TEXT() 转成文本', en: '; TEXT() turns it into text' },
  '@use-date': { zh: '，可以用 DATEVALUE() 或 DATE(年,月,日)', en: '; use DATEVALUE() or DATE(year, month, day)' },
  '@use-compare': { zh: '，请写成比较，例如 …>0', en: '; write a comparison such as … > 0' },
  '@none': { zh: '', en: '' },
  // Types of fields that formulas cannot read, as the registry names them: it is not loaded where one only computes.
  '@field:attachment': { zh: '附件', en: 'Attachment' },
  '@field:image': { zh: '图片', en: 'Images' },
  '@field:signature': { zh: '手写签名', en: 'Signature' },
  '@field:location': { zh: '定位', en: 'Location' },
  '@field:relations': { zh: '关联多条数据', en: 'Related records' },
  '@field:subform': { zh: '子表单', en: 'Subform' },
};

/** Params that begin with `@` are words of the product and follow the reader's language. */
function word(text: string, language: 'zh' | 'en'): string {
  if (text.startsWith('@like:'))
    return language === 'zh' ? `，是不是 ${text.slice(6)}？` : `; did you mean ${text.slice(6)}?`;
  return words[text]?.[language] ?? text;
}
