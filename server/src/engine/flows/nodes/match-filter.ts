import type { Condition, Filter } from '@lianke/shared/filter/ast';
import type { MatchCondition } from '@lianke/shared/flows/nodes/records';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { StepContext } from '../node-type.js';

/** Conditions of a search inside a flow as a filter, with the run's values in their places. */
export async function matchFilter(
  step: StepContext,
  form: FormMeta,
  match: readonly MatchCondition[],
  any: boolean,
): Promise<Filter> {
  const conditions: Filter[] = [];
  for (const item of match) {
    const field = form.field(item.field);
    if (!field)
      throw refusal('wrong_state', {
        zh: `“${form.name}”里没有查找用到的字段`,
        en: `a field that the step searches by is no longer in "${form.name}"; choose another in the flow`,
      });
    const value = item.value && (await step.values.forField(item.value, field));
    conditions.push({ field: item.field, op: item.op, ...(item.value ? { value } : {}) } as Condition);
  }
  return any && conditions.length > 0 ? { or: conditions } : { and: conditions };
}
