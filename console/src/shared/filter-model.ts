import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { Condition, Filter, FilterOp, FilterValue } from '@lianke/shared/filter/ast';
import { boxOf } from '@lianke/shared/geo/box';
import type { FieldLike } from '../fields/renderer.js';

/** A field as filters name it: an id where there is one, else its key. */
export interface FilterField extends FieldLike {
  readonly id?: string;
}

/** What the builder edits: a group of rows; `id` only tells rows apart on screen. */
export interface RuleGroup {
  kind: 'group';
  id: number;
  join: 'and' | 'or';
  negated: boolean;
  rules: Rule[];
}
export interface RuleCondition {
  kind: 'condition';
  id: number;
  /** Empty until chosen. */
  field: string;
  op: FilterOp;
  value?: FilterValue | undefined;
}
export type Rule = RuleGroup | RuleCondition;

let counter = 0;
const nextId = () => ++counter;

/** An empty group of conditions that must all hold. */
export function emptyGroup(): RuleGroup {
  return { kind: 'group', id: nextId(), join: 'and', negated: false, rules: [] };
}

/** A first condition on `field` with its type's usual operator. */
export function newCondition(field: FilterField | undefined): RuleCondition {
  const op = field ? usualOp(field) : 'eq';
  return { kind: 'condition', id: nextId(), field: field ? refOf(field) : '', op };
}

/** What stored filters call a field. */
export function refOf(field: FilterField): string {
  return field.id ?? field.key;
}

/** The field that a filter's reference names, by id or key. */
export function fieldOf<F extends FilterField>(fields: readonly F[], ref: string): F | undefined {
  return fields.find((field) => field.id === ref) ?? fields.find((field) => field.key === ref);
}

/** The operator offered first for a field's type. */
export function usualOp(field: FilterField): FilterOp {
  const operators = behaviourOf(field).operators;
  const preferred: FilterOp[] = [
    'text',
    'longText',
    'richText',
    'email',
    'url',
    'phone',
    'address',
    'autonumber',
    'dateRange',
  ].includes(field.type)
    ? ['contains']
    : ['select', 'member', 'department', 'relation', 'cascader'].includes(field.type)
      ? ['hasAny', 'in']
      : [];
  return preferred.find((op) => operators.includes(op)) ?? operators[0] ?? 'notEmpty';
}

/** True for operators that take no value. */
export function takesNoValue(op: FilterOp): boolean {
  return op === 'empty' || op === 'notEmpty';
}

/** True for operators whose value is a list. */
export function takesList(op: FilterOp): boolean {
  return op === 'in' || op === 'nin' || op === 'hasAny' || op === 'hasAll';
}

/** The builder's rows of a stored filter. */
export function toGroup(filter: Filter | undefined): RuleGroup {
  if (!filter) return emptyGroup();
  const rule = toRule(filter);
  return rule.kind === 'group' ? rule : { ...emptyGroup(), rules: [rule] };
}

function toRule(filter: Filter): Rule {
  if ('and' in filter) return { ...emptyGroup(), rules: filter.and.map(toRule) };
  if ('or' in filter) return { ...emptyGroup(), join: 'or', rules: filter.or.map(toRule) };
  if ('not' in filter) {
    const inner = toGroup(filter.not);
    return { ...inner, negated: !inner.negated };
  }
  return { kind: 'condition', id: nextId(), field: filter.field, op: filter.op, value: filter.value };
}

/** The filter that complete rows mean; undefined when none is complete. */
export function fromGroup(group: RuleGroup): Filter | undefined {
  const parts = group.rules.flatMap((rule): Filter[] => {
    if (rule.kind === 'group') {
      const inner = fromGroup(rule);
      return inner ? [inner] : [];
    }
    return isComplete(rule) ? [toCondition(rule)] : [];
  });
  if (parts.length === 0) return undefined;
  const [only] = parts;
  const joined: Filter = parts.length === 1 && only ? only : group.join === 'and' ? { and: parts } : { or: parts };
  return group.negated ? { not: joined } : joined;
}

function toCondition(rule: RuleCondition): Condition {
  if (takesNoValue(rule.op)) return { field: rule.field, op: rule.op };
  return { field: rule.field, op: rule.op, ...(rule.value === undefined ? {} : { value: rule.value }) };
}

/** A row is complete when its field is chosen and its operator has the value it needs. */
export function isComplete(rule: RuleCondition): boolean {
  if (rule.field === '') return false;
  if (takesNoValue(rule.op)) return true;
  const { value } = rule;
  if (rule.op === 'within') return boxOf(value) !== undefined;
  if (rule.op === 'between') {
    return Array.isArray(value) && value.length === 2 && value.every((item) => item !== null && item !== '');
  }
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}

/** The same row with another operator; the value stays where it still fits. */
export function withOp(rule: RuleCondition, op: FilterOp): RuleCondition {
  if (takesNoValue(op)) return { ...rule, op, value: undefined };
  if (op === 'within' || rule.op === 'within') return { ...rule, op, value: undefined };
  const was = takesList(rule.op);
  if (was === takesList(op) && (rule.op === 'between') === (op === 'between')) return { ...rule, op };
  const { value } = rule;
  if (takesList(op) && value !== undefined && rule.op !== 'between') {
    return { ...rule, op, value: [value as never] };
  }
  if (was && !takesList(op) && op !== 'between' && Array.isArray(value)) {
    return { ...rule, op, value: value[0] as FilterValue };
  }
  return { ...rule, op, value: undefined };
}

/** The conditions at the top of a filter, each shown as a chip; a filter that is no plain "and" is one chip. */
export function topLevel(filter: Filter | undefined): Filter[] {
  if (!filter) return [];
  return 'and' in filter ? filter.and : [filter];
}

/** Both filters at once; either may be missing. */
export function bothOf(...filters: (Filter | undefined)[]): Filter | undefined {
  const parts = filters.flatMap((filter) => topLevel(filter));
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : { and: parts };
}
