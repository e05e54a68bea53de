import { compile } from '@lianke/shared/formulas/compile';
import { evaluateFormula } from '@lianke/shared/formulas/evaluate';
import { valueOfField } from '@lianke/shared/formulas/field-values';
import { isList, type Value } from '@lianke/shared/formulas/values';
import { AppError } from '../../kernel/errors/app-error.js';
import { worldOf } from '../derived/world.js';
import type { RunValues } from './run-values.js';

/** The texts that a formula over the trigger's record gives, split at commas. Throws `wrong_state` when it cannot be read. */
export async function formulaTexts(values: RunValues, source: string): Promise<string[]> {
  const { forms, formId, now, timeZone } = values.ground();
  const compiled = compile(source, worldOf(forms.list), formId);
  if (!compiled.ok) throw new AppError('wrong_state', { detail: '审批人的公式有误，请在流程里修改' });
  const { formula } = compiled;
  const read = new Map<string, Value>();
  for (const key of formula.refs.keys()) {
    const found = await values.find({ source: 'trigger', path: key });
    if (!found.field) continue;
    const names = new Map<string, string>();
    if (found.field.type.refers)
      for (const id of [found.value].flat())
        if (typeof id === 'string') names.set(id, await values.labelOf(found.field, id));
    const field = { type: found.field.typeName, config: found.field.config as Readonly<Record<string, unknown>> };
    read.set(
      key,
      valueOfField(field, found.value, (_field, id) => names.get(id) ?? ''),
    );
  }
  const done = evaluateFormula(formula.node, {
    now,
    timeZone,
    types: formula.types,
    read: (path) => read.get(path.join('.')) ?? null,
  });
  if (!done.ok) throw new AppError('wrong_state', { detail: '审批人的公式算不出结果' });
  const list = isList(done.value) ? done.value : [done.value];
  return list
    .flatMap((item) => (typeof item === 'string' ? item.split(/[,，、;；\s]+/) : []))
    .filter((text) => text !== '');
}
