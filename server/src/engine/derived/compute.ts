import type { FormulaResult } from '@lianke/shared/fields/formula/schema';
import type { Compiled } from '@lianke/shared/formulas/compile';
import { evaluateFormula } from '@lianke/shared/formulas/evaluate';
import type { FormulaFault } from '@lianke/shared/formulas/faults';
import { storedResult } from '@lianke/shared/formulas/field-values';
import type { Value } from '@lianke/shared/formulas/values';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import type { Org } from '../org/org-directory.js';
import type { ReadScope } from '../records/sql/read-scope.js';
import type { Derivation, Input, Rule } from './derivation.js';
import { type ComputedRow, InputLoader, inputValue } from './load-inputs.js';
import { lastContacts, rollupValues } from './set-values.js';

export interface ComputeEnv {
  tx: Tx;
  org: Org;
  /** The system's own: derived values count all rows, whoever reads them. */
  scope: ReadScope;
  /** The rows are not written yet: nothing points at them. */
  fresh: boolean;
}

/** Sets the derived values of the rows, in the given order; every next one reads the ones before it. */
export async function computeDerived(
  env: ComputeEnv,
  derivations: readonly Derivation[],
  rows: readonly ComputedRow[],
): Promise<void> {
  if (rows.length === 0 || derivations.length === 0) return;
  const outside = derivations.flatMap((item) =>
    item.rule.kind === 'formula' || item.rule.kind === 'lookup'
      ? item.inputs.filter((input) => input.steps.length > 0)
      : [],
  );
  const loader = new InputLoader(env.tx, rows, outside, env.fresh);
  for (const { form, field, rule } of derivations) {
    if (rule.kind === 'rollup') await set(rows, field.id, await rollupValues(env, rule, rows));
    else if (rule.kind === 'lastContact')
      await set(
        rows,
        field.id,
        await lastContacts(
          env.tx,
          { form, field, inputs: derivations.find((item) => item.field === field)?.inputs ?? [] },
          rows,
        ),
      );
    else
      for (const row of rows)
        row.values[field.id] =
          rule.kind === 'lookup'
            ? await lookedUp(rule.input, row, loader)
            : await computed(env, rule, field.def.config.result as never, row, loader);
  }
}

async function set(rows: readonly ComputedRow[], fieldId: string, values: ReadonlyMap<string, Json>): Promise<void> {
  for (const row of rows) row.values[fieldId] = values.get(row.id) ?? null;
}

async function lookedUp(input: Input, row: ComputedRow, loader: InputLoader): Promise<Json> {
  return (await loader.raw(input, row))[0]?.value ?? null;
}

async function computed(
  env: ComputeEnv,
  rule: Rule & { kind: 'formula' },
  result: FormulaResult,
  row: ComputedRow,
  loader: InputLoader,
): Promise<Json> {
  const done = await evaluateOn(env, rule.formula, rule.inputs, row, loader);
  if ('fault' in done) return null;
  return storedResult(done.value, rule.formula.type.kind, result, env.scope.env.timeZone);
}

/** A formula on one row: its value, or what went wrong where. */
export async function evaluateOn(
  env: ComputeEnv,
  formula: Compiled,
  inputs: ReadonlyMap<string, Input>,
  row: ComputedRow,
  loader: InputLoader,
): Promise<{ value: Value } | { fault: FormulaFault }> {
  const { timeZone, now } = env.scope.env;
  const values = new Map<string, Value>();
  for (const [key, input] of inputs)
    values.set(key, await inputValue(input, row, loader, env.org, formula.refs.get(key)?.record === true, timeZone));
  const done = evaluateFormula(formula.node, {
    now,
    timeZone,
    types: formula.types,
    read: (path) => values.get(path.join('.')) ?? null,
  });
  return done.ok ? { value: done.value } : { fault: done.fault };
}
