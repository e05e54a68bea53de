import { type LiveEnv, type LiveFormulas, liveField, liveFormulas, type ReadFormulaField } from './record-formulas.js';
import { subformsOf } from './world.js';

/** The formulas of a subform's rows. @param subform the subform's field as clients read it */
export function rowFormulas(subform: ReadFormulaField, env: LiveEnv): LiveFormulas {
  const [rows] = subformsOf({ id: 'form', name: '', fields: [liveField(subform)] });
  return rows ? liveFormulas(rows, { forms: [rows] }, env) : () => ({});
}
