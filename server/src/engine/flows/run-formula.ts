import type { Words } from '@lianke/shared/errors/issue-text';
import { answersOf, inputAnswers, recordFormOf } from '@lianke/shared/flows/answers';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { flowWorld, groundForm, refOfPath } from '@lianke/shared/flows/formula-world';
import { type Compilation, compile } from '@lianke/shared/formulas/compile';
import { evaluateFormula } from '@lianke/shared/formulas/evaluate';
import { faultText } from '@lianke/shared/formulas/faults';
import { storedResult, valueOfField } from '@lianke/shared/formulas/field-values';
import type { Value } from '@lianke/shared/formulas/values';
import type { Json } from '@lianke/shared/json';
import { refusal } from '../../kernel/errors/app-error.js';
import { worldOf } from '../derived/world.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { RunValues } from './run-values.js';

/** Compiles a formula of a flow; `within` are the nodes whose values it may name, all when absent. */
export function compileInFlow(
  source: string,
  forms: TenantForms,
  definition: FlowDefinition,
  within?: ReadonlySet<string>,
): Compilation {
  const nodes = definition.nodes.filter((node) => !within || within.has(node.id));
  const world = flowWorld(worldOf(forms.list).forms, {
    formId: recordFormOf(definition, 'trigger'),
    records: nodes.flatMap((node) => {
      const formId = recordFormOf(definition, node.id);
      return formId ? [{ source: node.id, name: `@${node.id}`, formId }] : [];
    }),
    answers: [
      ...inputAnswers(definition).map((answer) => ({ source: 'input', name: answer.name ?? answer.path, answer })),
      ...nodes.flatMap((node) =>
        answersOf(node).map((answer) => ({
          source: node.id,
          name: answer.name ?? `${node.id}:${answer.path}`,
          answer,
        })),
      ),
    ],
  });
  const done = compile(source, world, groundForm);
  if (!done.ok) return done;
  const many = [...done.formula.refs.keys()].find((key) => refOfPath(key.split('.')) === undefined);
  if (many === undefined) return done;
  const name = done.formula.refs.get(many)?.names.join('.') ?? '';
  return { ok: false, faults: [{ code: 'unknown_field', params: { name }, at: { start: 0, end: 0 } }] };
}

/** What is wrong with a formula, in words; undefined when it can be computed. */
export function formulaFault(done: Compilation): Words | undefined {
  const [fault] = done.ok ? [] : done.faults;
  return fault && { zh: faultText(fault, 'zh'), en: faultText(fault, 'en') };
}

/** A compiled formula with the run's values. */
export async function evaluateInRun(
  values: RunValues,
  formula: Extract<Compilation, { ok: true }>['formula'],
  env: { now: Date; timeZone: string },
): Promise<Value> {
  const read = new Map<string, Value>();
  for (const [key, resolved] of formula.refs) {
    const ref = refOfPath(key.split('.'));
    if (!ref) continue;
    const path = resolved.record && ref.source !== 'trigger' && ref.path === 'id' ? 'id' : ref.path;
    const found = await values.find({ source: ref.source, path });
    if (!found.field) {
      read.set(key, found.label ?? (typeof found.value === 'string' ? found.value : null));
      continue;
    }
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
    ...env,
    types: formula.types,
    read: (path) => read.get(path.join('.')) ?? null,
  });
  if (!done.ok)
    throw refusal('wrong_state', {
      zh: `公式算不出结果：${faultText(done.fault, 'zh')}`,
      en: `the formula has no result: ${faultText(done.fault, 'en')}`,
    });
  return done.value;
}

/** The result of a flow's formula as it is kept; null when blank. */
export async function formulaResult(
  values: RunValues,
  source: string,
  definition: FlowDefinition,
  env: { forms: TenantForms; now: Date; timeZone: string },
): Promise<Json> {
  const done = compileInFlow(source, env.forms, definition);
  if (!done.ok) {
    const fault = formulaFault(done);
    throw refusal('wrong_state', {
      zh: `公式有误：${fault?.zh ?? ''}`,
      en: `the formula is wrong: ${fault?.en ?? ''}`,
    });
  }
  const value = await evaluateInRun(values, done.formula, env);
  const { kind } = done.formula.type;
  return storedResult(value, kind, { type: 'number', config: { decimals: 15 } }, env.timeZone);
}
