import { fieldTypes } from '@lianke/shared/fields/registry';
import { parseFieldConfig } from '@lianke/shared/forms/definition';
import { currentLanguage } from '../../i18n/index.js';
import { type Design, type DesignField, fieldsInOrder } from './design.js';
import { faultyOptions } from './options.js';
import { optionsOf } from './payload.js';
import { innerOf } from './subform.js';

export type FaultCode =
  | 'formNameEmpty'
  | 'nameEmpty'
  | 'nameTwice'
  | 'optionsFaulty'
  | 'optionsNone'
  | 'relationTarget'
  | 'formulaEmpty'
  | 'lookupIncomplete'
  | 'rollupIncomplete'
  | 'subformEmpty'
  | 'range'
  | 'config'
  | 'linkIncomplete'
  | 'wordsEmpty'
  | 'checkFormulaEmpty'
  | 'taskIncomplete'
  | 'taskDoneOption';

/** Something that must be mended before publishing; `field` (words between fields too) is absent for the form's own settings. */
export interface Fault {
  code: FaultCode;
  field?: string;
  params: Record<string, string>;
}

/** What cannot be filled in without options. */
const chosenFrom: ReadonlySet<DesignField['type']> = new Set(['select', 'multiSelect', 'cascader']);

function faultOf(field: DesignField): Fault | undefined {
  const fault = (code: FaultCode, params: Record<string, string> = {}): Fault => ({
    code,
    field: field.uid,
    params: { name: field.name, ...params },
  });
  if (field.name.trim() === '') return fault('nameEmpty');
  if (field.type === 'subform') return subformFault(field, fault);
  if (fieldTypes[field.type].refers === 'record' && typeof field.config.formId !== 'string')
    return fault('relationTarget');
  const derived = derivedFault(field);
  if (derived) return fault(derived);
  const options = optionsOf(field);
  if (options.length === 0 && chosenFrom.has(field.type)) return fault('optionsNone');
  const faulty = faultyOptions(options);
  if (faulty.length > 0) return fault('optionsFaulty', { n: String((faulty[0] ?? 0) + 1) });
  const { min, max } = field.config;
  if (typeof min === 'number' && typeof max === 'number' && min > max) return fault('range');
  const link = field.default;
  if (link?.kind === 'linked' && (!link.formId || !link.take || link.match.some((pair) => !pair.field || !pair.own)))
    return fault('linkIncomplete');
  const parsed = parseFieldConfig(field.type, field.config);
  return parsed.ok ? undefined : fault('config', { detail: parsed.detail[currentLanguage()] });
}

/** What a field that is worked out still needs to know. */
function derivedFault({ type, config }: DesignField): FaultCode | undefined {
  const chosen = (key: string) => typeof config[key] === 'string' && String(config[key]).trim() !== '';
  if (type === 'formula') return chosen('expression') ? undefined : 'formulaEmpty';
  if (type === 'lookup') return chosen('relation') && chosen('field') ? undefined : 'lookupIncomplete';
  if (type !== 'rollup') return undefined;
  const counts = !chosen('fn') || config.fn === 'count';
  return chosen('formId') && chosen('relation') && (counts || chosen('field')) ? undefined : 'rollupIncomplete';
}

function subformFault(
  field: DesignField,
  fault: (code: FaultCode, params?: Record<string, string>) => Fault,
): Fault | undefined {
  const inner = innerOf(field);
  if (inner.length === 0) return fault('subformEmpty');
  const names = new Set<string>();
  for (const item of inner) {
    const wrong = faultOf(item);
    if (wrong) return { ...wrong, field: field.uid, params: { ...wrong.params, name: `${field.name}.${item.name}` } };
    if (names.has(item.name.trim())) return fault('nameTwice', { name: `${field.name}.${item.name}` });
    names.add(item.name.trim());
  }
  return undefined;
}

/** Everything that keeps a design from being published, in reading order. */
export function faultsOf(design: Design): Fault[] {
  const faults: Fault[] = [];
  if (design.name.trim() === '') faults.push({ code: 'formNameEmpty', params: {} });
  const names = new Map<string, string>();
  for (const field of Object.values(design.fields)) if (field.system) names.set(field.name, field.uid);
  for (const field of fieldsInOrder(design)) {
    const fault = faultOf(field);
    if (fault) faults.push(fault);
    const name = field.name.trim();
    if (name !== '' && names.has(name)) faults.push({ code: 'nameTwice', field: field.uid, params: { name } });
    names.set(name, field.uid);
  }
  for (const element of Object.values(design.elements ?? {}))
    if (element.kind === 'text' && element.content === '')
      faults.push({ code: 'wordsEmpty', field: element.uid, params: {} });
  for (const { formula, message } of design.settings.checks ?? [])
    if (formula?.trim() === '') faults.push({ code: 'checkFormulaEmpty', params: { name: message } });
  const task = design.settings.task;
  if (task) {
    const done = design.fields[task.done];
    if (!design.fields[task.title] || !done) faults.push({ code: 'taskIncomplete', params: {} });
    else if (done.type === 'select' && !optionsOf(done).some((option) => option.id === task.doneOption)) {
      faults.push({ code: 'taskDoneOption', params: { name: done.name } });
    }
  }
  return faults;
}
