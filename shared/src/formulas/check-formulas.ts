import { computedReads } from '../forms/computed-fields.js';
import type { FormCheck } from '../forms/rule-schema.js';
import type { CheckJudge } from '../forms/rules.js';
import type { Json } from '../json.js';
import { callsOf } from './ast.js';
import { pathsIn } from './compile.js';
import { parse } from './parser.js';
import { type LiveEnv, type ReadForm, recordFormulas } from './record-formulas.js';

/** Functions by which a formula asks for itself what is blank. */
const asksBlanks = new Set(['ISBLANK', 'ISNOTBLANK', 'COALESCE', 'COUNTBLANK']);

/** Judges a form's checks by formula. @param values by field key; a computed one that is missing is not known */
export type CheckFormulas = (values: Readonly<Record<string, Json | undefined>>, env?: LiveEnv) => CheckJudge;

interface Asked {
  key: string;
  /** Ids of the form's own fields that it reads: subforms by their own. */
  reads: readonly string[];
  /** Those that must hold a value for the check to mean anything. */
  needs: readonly string[];
}

/**
 * The checks of a form that are formulas, compiled once. A check holds while a field that it compares is blank, unless its
 * formula asks about blanks itself; nothing is told where the formula comes to no answer, or reads what is faulty or not known.
 */
export function checkFormulas(form: ReadForm, checks: readonly FormCheck[], env: LiveEnv): CheckFormulas {
  const asked = new Map<FormCheck, Asked>();
  const added: ReadForm['fields'][number][] = [];
  for (const check of checks) {
    if (check.formula === undefined) continue;
    const key = `check:${asked.size}`;
    asked.set(check, { key, ...readBy(form, check.formula) });
    const config = { expression: check.formula, result: { type: 'switch', config: {} } };
    added.push({ id: key, key, name: key, type: 'formula', config });
  }
  const compute = recordFormulas(
    { ...form, fields: [...form.fields, ...added] },
    env,
    new Set(added.map(({ id }) => id)),
  );
  const computed = computedReads(form.fields);
  const keys = new Map(form.fields.map(({ id, key }) => [id, key]));
  return (values, at) => {
    let results: Record<string, Json> | undefined;
    return (check, { empty, faulty }) => {
      const own = asked.get(check);
      if (!own) return undefined;
      const given = (id: string) => (empty.has(id) ? null : values[keys.get(id) ?? '']);
      for (const id of own.reads) {
        if (faulty.has(id) || computed.get(id)?.some((input) => faulty.has(input))) return undefined;
        if (computed.has(id) && given(id) === undefined) return undefined;
      }
      if (own.needs.some((id) => isBlank(given(id)))) return true;
      results ??= compute(Object.fromEntries([...keys].map(([id, key]) => [key, given(id) ?? null])), at);
      const result = results[own.key];
      return typeof result === 'boolean' ? result : undefined;
    };
  };
}

function readBy(form: ReadForm, formula: string): Pick<Asked, 'reads' | 'needs'> {
  const reads: string[] = [];
  const needs: string[] = [];
  for (const path of pathsIn(formula)) {
    const first = (path[0] ?? '').replace(/^</, '');
    const field = form.fields.find(({ id, config }) => id === first || config.parentField === first);
    if (!field) continue;
    reads.push(field.id);
    if (path.length === 1) needs.push(field.id);
  }
  const parsed = parse(formula);
  const blanks = parsed.ok && callsOf(parsed.node).some((name) => asksBlanks.has(name));
  return { reads, needs: blanks ? [] : needs };
}

function isBlank(value: Json | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
