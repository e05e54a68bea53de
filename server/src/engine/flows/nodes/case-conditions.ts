import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { evaluate } from '@lianke/shared/filter/evaluate';
import { answerAt, refOfAnswerKey } from '@lianke/shared/flows/answers';
import { filterFieldOf } from '../../records/sql/read-scope.js';
import type { StepContext } from '../node-type.js';
import { kindOf } from '../run-values.js';

/** Says of each of the given conditions whether it holds now, by the trigger's record as it is and what nodes before answered. */
export async function conditionsAt(
  step: StepContext,
  filters: readonly Filter[],
): Promise<(filter: Filter) => boolean> {
  const paths = filters.flatMap((filter) => fieldsOf(filter));
  const start = paths.some((path) => !refOfAnswerKey(path)) ? await step.values.values('trigger') : undefined;
  const answers = new Map(await Promise.all(paths.map(async (path) => [path, await answered(step, path)] as const)));
  const lookup = (path: string) => {
    const answer = answers.get(path);
    if (answer) return answer;
    const field = start?.form.field(path);
    return field && { field: filterFieldOf(field), value: start?.record.values[field.id] };
  };
  return (filter) => evaluate(filter, lookup, step.env);
}

/** A variable or input that a condition is about; undefined for fields of the trigger's record. */
async function answered(step: StepContext, path: string) {
  const ref = refOfAnswerKey(path);
  const answer = ref && step.definition && answerAt(step.definition, ref.source, ref.path);
  if (!ref || !answer) return undefined;
  const { value } = await step.values.find(ref);
  return { field: filterFieldOf(kindOf(answer.type)), value };
}
