import { callsOf, type Node, refsOf } from './ast.js';
import { type Check, check } from './check.js';
import type { FormulaFault } from './faults.js';
import { format } from './format.js';
import { functionOf } from './functions/registry.js';
import { parse } from './parser.js';
import { type FormulaWorld, type Resolved, resolveRef } from './world.js';

/** A formula ready to compute: references are ids, types are checked. */
export interface Compiled extends Check {
  node: Node;
  /** Its references by their stored segments joined with dots. */
  refs: ReadonlyMap<string, Resolved>;
  /** The text to store. */
  stored: string;
  /** The text people read. */
  shown: string;
  /** Its result changes with the days. */
  volatile: boolean;
}

export type Compilation = { ok: true; formula: Compiled } | { ok: false; faults: FormulaFault[] };

/** Reads, resolves and checks a formula written in names or ids, as part of the form `formId`. */
export function compile(source: string, world: FormulaWorld, formId: string): Compilation {
  const parsed = parse(source);
  if (!parsed.ok) return { ok: false, faults: [parsed.fault] };
  const faults: FormulaFault[] = [];
  const refs = new Map<string, Resolved>();
  const names = new Map<string, readonly string[]>();
  const node = mapRefs(parsed.node, (ref) => {
    const found = resolveRef(world, formId, ref.path);
    if (!found.ok) {
      faults.push({ ...found.fault, at: ref.at });
      return ref.path;
    }
    const key = found.value.ids.join('.');
    refs.set(key, found.value);
    names.set(key, found.value.names);
    return found.value.ids;
  });
  if (faults.length > 0) return { ok: false, faults };
  const checked = check(node, (path) => {
    const ref = refs.get(path.join('.'));
    return ref
      ? { type: ref.type, name: ref.names.join('.'), ...optionsOf(ref) }
      : { code: 'unknown_field', params: { name: path.join('.') } };
  });
  if (checked.faults.length > 0) return { ok: false, faults: checked.faults };
  const formula: Compiled = {
    ...checked,
    node,
    refs,
    stored: format(node),
    shown: format(node, (path) => names.get(path.join('.')) ?? path),
    volatile: callsOf(node).some((name) => functionOf(name)?.volatile),
  };
  return { ok: true, formula };
}

/** The formula as people read it; what cannot be resolved any more keeps its id. */
export function shownFormula(stored: string, world: FormulaWorld, formId: string): string {
  const parsed = parse(stored);
  if (!parsed.ok) return stored;
  return format(parsed.node, (path) => {
    const found = resolveRef(world, formId, path);
    return found.ok ? found.value.names : path;
  });
}

/** References of a formula that reads well enough, whatever else is wrong with it. */
export function pathsIn(source: string): (readonly string[])[] {
  const parsed = parse(source);
  return parsed.ok ? refsOf(parsed.node).map((ref) => ref.path) : [];
}

function mapRefs(node: Node, change: (ref: Node & { kind: 'ref' }) => readonly string[]): Node {
  switch (node.kind) {
    case 'ref':
      return { ...node, path: change(node) };
    case 'unary':
    case 'percent':
      return { ...node, operand: mapRefs(node.operand, change) };
    case 'binary':
      return { ...node, left: mapRefs(node.left, change), right: mapRefs(node.right, change) };
    case 'call':
      return { ...node, args: node.args.map((arg) => mapRefs(arg, change)) };
    default:
      return node;
  }
}

function optionsOf(ref: Resolved): { options?: string[] } {
  const options = ref.record ? undefined : ref.field?.config.options;
  return Array.isArray(options) ? { options: options.map((option: { label: string }) => option.label) } : {};
}
