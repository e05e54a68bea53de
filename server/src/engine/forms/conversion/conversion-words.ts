import type { Words } from '@lianke/shared/errors/issue-text';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldMeta, FormMeta } from '../form-meta.js';
import { maxOptions } from './scan-values.js';

/** Why a conversion cannot begin, and what to do first. */

/** Only one conversion of a form at a time. */
export const converting: Words = {
  zh: '有字段正在转换，等它完成',
  en: 'a field is being converted; wait until it is done',
};

export const tooManyOptions: Words = {
  zh: `不同的值超过 ${maxOptions} 种，不适合作为选项`,
  en: `there are more than ${maxOptions} different values, too many for options`,
};

export function notEncryptable(field: FieldMeta, to: FieldTypeName): Words {
  const { label } = fieldTypes[to];
  return {
    zh: `${label.zh}不能加密存储，请先关闭“${field.name}”的加密存储`,
    en: `fields of type ${label.en} cannot be stored encrypted; switch encrypted storage of "${field.name}" off first`,
  };
}

export function notConvertible(field: FieldMeta, to: FieldTypeName): Words {
  const [from, into] = [fieldTypes[field.def.type].label, fieldTypes[to].label];
  return {
    zh: `${from.zh}不能转换为${into.zh}`,
    en: `fields of type ${from.en} cannot be converted to ${into.en}`,
  };
}

export function notUnique(field: FieldMeta, to: FieldTypeName): Words {
  const { label } = fieldTypes[to];
  return {
    zh: `“${field.name}”设了不允许重复，${label.zh}没有这条规则，请先取消它再转换`,
    en: `"${field.name}" may not repeat, a rule that fields of type ${label.en} do not have; remove the rule before you convert`,
  };
}

export function valuesRepeat(field: FieldMeta, values: number): Words {
  return {
    zh: `“${field.name}”设了不允许重复，转换后有 ${values} 个值会重复，请先改好这些数据或取消这条规则`,
    en: `"${field.name}" may not repeat, but once converted ${values} values would; correct these records or remove the rule first`,
  };
}

export function rowsRepeat(field: FieldMeta, rows: number): Words {
  return {
    zh: `“${field.name}”在同一条数据里不允许重复，转换后有 ${rows} 行会互相重复，请先改好这些行或取消这条规则`,
    en: `"${field.name}" may not repeat within a record, but once converted ${rows} rows would repeat each other; correct these rows or remove the rule first`,
  };
}

export function usedForDuplicates(field: FieldMeta): Words {
  return {
    zh: `“${field.name}”用在查重规则里，查重看不到加密的内容，请先改规则`,
    en: `"${field.name}" is used in a duplicate rule, which cannot see encrypted values; change the rule first`,
  };
}

export function isTitle(field: FieldMeta): Words {
  return {
    zh: `“${field.name}”是这张表单的标题，标题要能搜索和显示，请先换一个标题字段再加密`,
    en: `"${field.name}" is the title of this form, which has to be searched and shown; choose another title field before you encrypt it`,
  };
}

export function noWordsIn(form: FormMeta): Words {
  return {
    zh: `“${form.name}”没有可以用来对应的文字字段，请另选一个`,
    en: `"${form.name}" has no text field to match by; choose another form`,
  };
}
