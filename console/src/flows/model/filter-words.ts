import type { Condition, Filter, FilterValue } from '@lianke/shared/filter/ast';
import type { Json } from '@lianke/shared/json';
import type { TFunction } from 'i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { aside, pause } from '../../i18n/punctuation.js';
import { takesNoValue } from '../../shared/filter-model.js';
import { opLabel } from '../../shared/filter-text.js';
import { fieldOf, relatedForm } from './sources.js';

/** Names behind ids in filter values. */
export interface Names {
  member(id: string): string | undefined;
  department(id: string): string | undefined;
}

/** A filter as one line of text, for sentences on cards: 「客户分级 等于 A 且 预计金额 大于 50 万元」. */
export function filterWords(
  t: TFunction,
  filter: Filter,
  form: FormView | undefined,
  forms: readonly FormView[],
  names: Names,
): string {
  const say = (node: Filter, inner: boolean): string => {
    if ('not' in node) return `${t('filter:not')}${aside(say(node.not, false))}`;
    if ('and' in node || 'or' in node) {
      const parts = ('and' in node ? node.and : node.or).map((part) => say(part, true)).filter((part) => part !== '');
      const text = parts.join(` ${t('and' in node ? 'filter:and' : 'filter:or')} `);
      return inner && parts.length > 1 ? aside(text).trim() : text;
    }
    return sayCondition(t, node, form, forms, names);
  };
  return say(filter, false);
}

function sayCondition(
  t: TFunction,
  condition: Condition,
  form: FormView | undefined,
  forms: readonly FormView[],
  names: Names,
): string {
  const found = follow(condition.field, form, forms);
  if (!found) return t('filter:gone');
  const operator = opLabel(t, condition.op, found.field.type);
  if (takesNoValue(condition.op)) return `${found.name} ${operator}`;
  const { value } = condition;
  const list = Array.isArray(value) ? value : [value];
  return `${found.name} ${operator} ${list.map((item) => sayItem(t, found.field, item, names)).join(pause())}`;
}

function follow(
  path: string,
  form: FormView | undefined,
  forms: readonly FormView[],
): { field: ReadField; name: string } | undefined {
  let at = form;
  const names: string[] = [];
  const parts = path.split('.');
  for (const [index, part] of parts.entries()) {
    const field = fieldOf(at, part);
    if (!field) return undefined;
    names.push(field.name);
    if (index === parts.length - 1) return { field, name: names.join('.') };
    at = relatedForm(field, forms);
  }
  return undefined;
}

function sayItem(t: TFunction, field: ReadField, item: FilterValue | undefined, names: Names): string {
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
    if ('me' in item) return t('filter:me');
    if ('myDepartment' in item) return t('filter:myDepartment');
    return item.n === undefined ? t(`filter:rel.${item.rel}`) : t(`filter:relN.${item.rel}`, { n: item.n });
  }
  if (field.type === 'member') return names.member(String(item)) ?? '…';
  if (field.type === 'department') return names.department(String(item)) ?? '…';
  if (field.type === 'relation') return '…';
  if (field.type === 'switch') return t(item === true ? 'common:yes' : 'common:no');
  return fieldRenderers[field.type].text(field, item as Json) || String(item ?? '');
}
