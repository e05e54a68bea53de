import { compile } from '@lianke/shared/formulas/compile';
import { isList } from '@lianke/shared/formulas/values';
import { refusal } from '../../kernel/errors/app-error.js';
import { worldOf } from '../derived/world.js';
import { evaluateInRun } from './run-formula.js';
import type { RunValues } from './run-values.js';

/** The texts that a formula over the trigger's record gives, split at commas. Throws `wrong_state` when it cannot be read. */
export async function formulaTexts(values: RunValues, source: string): Promise<string[]> {
  const { forms, formId, now, timeZone } = values.ground();
  const compiled = compile(source, worldOf(forms.list), formId);
  if (!compiled.ok)
    throw refusal('wrong_state', {
      zh: '审批人的公式有误，请在流程里修改',
      en: 'the formula that gives the approvers is wrong; mend it in the flow',
    });
  const value = await evaluateInRun(values, compiled.formula, { now, timeZone });
  const list = isList(value) ? value : [value];
  return list
    .flatMap((item) => (typeof item === 'string' ? item.split(/[,，、;；\s]+/) : []))
    .filter((text) => text !== '');
}
