import type { FormulaResult } from '../fields/formula/schema.js';
import type { Json } from '../json.js';
import { type Compiled, compile } from './compile.js';
import { evaluateFormula } from './evaluate.js';
import { storedResult, valueOfField } from './field-values.js';
import { type FormulaField, subformsOf } from './world.js';

/** Computes the formulas of a subform's rows while one types; what reads other records is left as it is. */
export type RowFormulas = (values: Readonly<Record<string, Json>>) => Record<string, Json>;

/** @param subform the subform's field as clients read it; answers computed values by the rows' field keys */
export function rowFormulas(subform: FormulaField, env: { now: Date; timeZone: string }): RowFormulas {
  const [rows] = subformsOf({ id: 'form', name: '', fields: [subform] });
  if (!rows) return () => ({});
  const compiled = rows.fields.flatMap((field): { field: FormulaField; formula: Compiled }[] => {
    if (field.type !== 'formula') return [];
    const done = compile(String(field.config.expression ?? ''), { forms: [rows] }, rows.id);
    const own = done.ok && [...done.formula.refs.values()].every((ref) => ref.hops.length === 0);
    return done.ok && own ? [{ field, formula: done.formula }] : [];
  });
  const byId = new Map(rows.fields.map((field) => [field.id, field]));
  return (values) => {
    const out: Record<string, Json> = {};
    // A formula may read the one before it: as often as there are formulas, everything has come down.
    for (let round = 0; round < compiled.length; round++)
      for (const { field, formula } of compiled) {
        const read = (path: readonly string[]) => {
          const input = byId.get(path[0] ?? '');
          return input ? valueOfField(input, out[input.key] ?? values[input.key], (_, id) => id) : null;
        };
        const done = evaluateFormula(formula.node, { ...env, types: formula.types, read });
        const result = field.config.result as FormulaResult | undefined;
        out[field.key] = done.ok && result ? storedResult(done.value, formula.type.kind, result, env.timeZone) : null;
      }
    return out;
  };
}
