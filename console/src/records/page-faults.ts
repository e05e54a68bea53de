import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import type { ReadField } from '../api/queries.js';
import { type RecordRules, rulesOfRows } from './rules.js';
import { faultOf, rowFaultsOf, type Values } from './values.js';

/**
 * What is wrong with a record before it is sent, in sentences by field key; of rows by `items[2].price`. The server asks
 * the same and has the last word.
 */
export function pageFaults(
  fields: readonly ReadField[],
  values: Values,
  rules: RecordRules,
  env: FilterEnv,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of fields) {
    if (rules.stateOf(field)?.visible === false) continue;
    const fault = faultOf(field, values[field.key]);
    if (fault) found[field.key] = fault;
    if (field.type !== 'subform') continue;
    for (const { row, field: key, reason } of rowFaultsOf(field, values[field.key], rulesOfRows(field, env)))
      found[`${field.key}[${row}].${key}`] = reason;
  }
  return Object.assign(found, rules.faults(new Set(Object.keys(found))));
}
