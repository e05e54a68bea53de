import type { FormulaField, FormulaForm, FormulaWorld } from '../formulas/world.js';
import { answerKey, type FlowAnswer } from './answers.js';

/** What a formula inside a flow may read beside the trigger's record. */
export interface FormulaGround {
  /** Id of the trigger's form; undefined when the flow starts without a record. */
  formId: string | undefined;
  /** Records of earlier nodes, by node id. */
  records: readonly { source: string; name: string; formId: string }[];
  /** Variables, inputs and other answers, by node id (`input` for inputs). */
  answers: readonly { source: string; name: string; answer: FlowAnswer }[];
}

/** Id of the form that stands for all a formula inside a flow may name. */
export const groundForm = 'flow';

/**
 * The forms of a tenant, and one more that a flow's formulas are written over: fields of the trigger's record, what earlier
 * nodes answered as fields too, and their records as relations.
 */
export function flowWorld(forms: readonly FormulaForm[], ground: FormulaGround): FormulaWorld {
  const start = forms.find((form) => form.id === ground.formId);
  const fields: FormulaField[] = [...(start?.fields ?? [])];
  for (const { source, name, answer } of ground.answers) {
    const id = answerKey(source, answer.path);
    fields.push({ id, key: id, name, type: answer.type, config: {} });
  }
  for (const { source, name, formId } of ground.records)
    fields.push({ id: `@${source}`, key: `@${source}`, name, type: 'relation', config: { formId } });
  return { forms: [...forms, { id: groundForm, name: '', titleField: start?.titleField, fields }] };
}

/** Where the value of a formula's reference (its segments as ids) lies in the run; undefined for lists of records. */
export function refOfPath(path: readonly string[]): { source: string; path: string } | undefined {
  const [first = '', ...rest] = path;
  if (path.some((part) => part.startsWith('<'))) return undefined;
  if (!first.startsWith('@')) return { source: 'trigger', path: path.join('.') };
  const cut = first.indexOf(':');
  if (cut >= 0) return { source: first.slice(1, cut), path: first.slice(cut + 1) };
  return { source: first.slice(1), path: rest.length > 0 ? rest.join('.') : 'id' };
}
