import { functions } from '@lianke/shared/formulas/functions/registry';
import { childrenOf, type FormulaForm, type FormulaWorld, resolveRef, targetOf } from '@lianke/shared/formulas/world';

export interface Suggestion {
  kind: 'field' | 'function';
  /** What the list shows. */
  label: string;
  /** Of a function: its canonical name, for help. */
  name: string;
  /** Replaces the text from `from` to the caret. */
  insert: string;
}

export interface Completion {
  from: number;
  items: Suggestion[];
}

const most = 12;
const wordPattern = /[\p{L}\p{N}_.]+$/u;

/** What may be written at the caret: fields inside of braces, functions and fields after a word. */
export function completionAt(
  source: string,
  caret: number,
  world: FormulaWorld,
  formId: string,
): Completion | undefined {
  const before = source.slice(0, caret);
  if (insideText(before)) return undefined;
  const open = before.lastIndexOf('{');
  if (open > before.lastIndexOf('}')) return fieldsIn(before, open, world, formId);
  const word = wordPattern.exec(before)?.[0] ?? '';
  if (word === '' || /^[\d.]+$/.test(word)) return undefined;
  const typed = word.toLowerCase();
  const rank = (name: string) =>
    name.toLowerCase().startsWith(typed) ? 0 : name.toLowerCase().includes(typed) ? 1 : 2;
  const found = functions
    .map((item) => ({ item, rank: Math.min(...[item.name, ...item.zh, ...(item.aliases ?? [])].map(rank)) }))
    .filter((entry) => entry.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .map(
      ({ item }): Suggestion => ({
        kind: 'function',
        label: `${item.name} ${item.zh[0] ?? ''}`,
        name: item.name,
        insert: `${item.name}(`,
      }),
    );
  const form = world.forms.find((item) => item.id === formId);
  const named = form ? namesIn(world, form).filter((name) => rank(name) < 2) : [];
  const fields = named.map((name): Suggestion => ({ kind: 'field', label: name, name, insert: `{${name}}` }));
  const items = [...fields, ...found].slice(0, most);
  return items.length > 0 ? { from: caret - word.length, items } : undefined;
}

/** Fields after `{` or, behind a dot, of what the path before it leads to. */
function fieldsIn(before: string, open: number, world: FormulaWorld, formId: string): Completion | undefined {
  const path = before.slice(open + 1).split('.');
  const typed = (path.pop() ?? '').toLowerCase();
  const form = reached(world, formId, path);
  if (!form) return undefined;
  const items = namesIn(world, form)
    .filter((name) => name.toLowerCase().includes(typed))
    .slice(0, most)
    .map(
      (name): Suggestion => ({
        kind: 'field',
        label: name,
        name,
        insert: leads(form, name) ? `${name}.` : `${name}}`,
      }),
    );
  return items.length > 0 ? { from: before.length - typed.length, items } : undefined;
}

function reached(world: FormulaWorld, formId: string, path: readonly string[]): FormulaForm | undefined {
  if (path.length === 0) return world.forms.find((item) => item.id === formId);
  const found = resolveRef(world, formId, path);
  return found.ok && found.value.record ? found.value.form : undefined;
}

function namesIn(world: FormulaWorld, form: FormulaForm): string[] {
  const children = childrenOf(world, form.id).map((item) => item.name);
  return [...new Set([...form.fields.map((field) => field.name), ...children])].filter((name) => name.trim() !== '');
}

function leads(form: FormulaForm, name: string): boolean {
  const field = form.fields.find((item) => item.name === name);
  return field ? targetOf(field) !== undefined || field.type === 'subform' : true;
}

/** True when the caret stands in a text between quotes. */
function insideText(before: string): boolean {
  return (before.match(/["“”]/g) ?? []).length % 2 === 1;
}

/** The call the caret stands in: which function, and which of its arguments, from 0. */
export function callAt(source: string, caret: number): { name: string; argument: number } | undefined {
  const calls: { name: string; argument: number }[] = [];
  let quoted = false;
  let braces = 0;
  for (let at = 0; at < caret; at++) {
    const char = source[at] ?? '';
    if (/["“”]/.test(char)) quoted = !quoted;
    else if (quoted) continue;
    else if (char === '{') braces++;
    else if (char === '}') braces--;
    else if (braces > 0) continue;
    else if (char === '(' || char === '（') {
      const word = /[\p{L}\p{N}_.]+$/u.exec(source.slice(0, at))?.[0] ?? '';
      const found = functions.find((item) =>
        [item.name, ...item.zh, ...(item.aliases ?? [])].some((name) => name.toLowerCase() === word.toLowerCase()),
      );
      calls.push({ name: found?.name ?? '', argument: 0 });
    } else if (char === ')' || char === '）') calls.pop();
    else if (/[,，;；]/.test(char)) {
      const call = calls.at(-1);
      if (call) call.argument++;
    }
  }
  return calls.findLast((call) => call.name !== '');
}
