import type { RollupFn } from '@lianke/shared/fields/rollup/schema';
import type { Filter } from '@lianke/shared/filter/ast';
import type { Compiled } from '@lianke/shared/formulas/compile';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';

/** One step from record to record: along a relation of the form left (`one`), or back along a relation of the form reached (`many`). */
export interface Step {
  kind: 'one' | 'many';
  relation: FieldMeta;
  from: FormMeta;
  to: FormMeta;
}

/** A value that a derived field is computed from: a field some steps away; without a field only the records count. */
export interface Input {
  steps: readonly Step[];
  form: FormMeta;
  field: FieldMeta | undefined;
}

export type Rule =
  | { kind: 'formula'; formula: Compiled; inputs: ReadonlyMap<string, Input> }
  | { kind: 'lookup'; input: Input }
  | {
      kind: 'rollup';
      step: Step;
      fn: RollupFn;
      field: FieldMeta | undefined;
      filter: Filter | undefined;
      separator: string;
      decimals: number;
    }
  | { kind: 'lastContact' };

/** A derived field ready to be computed. */
export interface Derivation {
  form: FormMeta;
  field: FieldMeta;
  rule: Rule;
  inputs: readonly Input[];
  /** Changes with the days though nobody writes anything. */
  volatile: boolean;
  /** Shown also to those who may not see an input. */
  visible: boolean;
}

/** True when the write path can compute it from the row itself and from the single records it names. */
export function inWrite(derivation: Derivation): boolean {
  return (
    (derivation.rule.kind === 'formula' || derivation.rule.kind === 'lookup') &&
    derivation.inputs.every((input) =>
      input.steps.every((step, index) => step.kind === 'one' || (index === 0 && isOwned(step))),
    )
  );
}

/** True for the step to the rows of a subform: they are written with their record. */
export function isOwned({ kind, to }: Step): boolean {
  return kind === 'many' && to.owner !== undefined;
}

/** True when values of other records go into it. */
export function reachesOut(derivation: Derivation): boolean {
  return derivation.inputs.some((input) => input.steps.some((step, index) => index > 0 || !isOwned(step)));
}
