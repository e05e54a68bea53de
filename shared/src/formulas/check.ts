import type { BinaryOp, Node, Span } from './ast.js';
import { type FormulaFault, type FormulaFaultCode } from './faults.js';
import type { FunctionDef, Param } from './functions/define.js';
import { functionOf } from './functions/registry.js';
import { common, type FormulaType, type Kind, single, suits, type Wanted } from './types.js';

/** What the check knows of a reference. */
export interface RefInfo {
  type: FormulaType;
  name: string;
  /** Labels of a choice field. */
  options?: readonly string[];
}

export type RefLookup = (path: readonly string[]) => RefInfo | Omit<FormulaFault, 'at'>;

export interface Check {
  /** What each part gives: the evaluation tells a missing date from a missing number by it. */
  types: ReadonlyMap<Node, FormulaType>;
  /** Its result; `blank` where faults leave it open. */
  type: FormulaType;
  faults: FormulaFault[];
  /** What is likely a slip but computes: a choice compared with a text that is none of its options. */
  warnings: FormulaFault[];
}

/** Checks a whole formula and answers every fault, in reading order. */
export function check(node: Node, lookup: RefLookup): Check {
  const checker = new Checker(lookup);
  const type = checker.typeOf(node);
  return { type, types: checker.types, faults: checker.faults, warnings: checker.warnings };
}

/** The parameter an argument stands for. */
export function paramAt(def: FunctionDef, index: number, count: number): Param | undefined {
  const repeat = def.repeat ?? 0;
  const fixed = def.params.length - repeat;
  if (index < fixed || repeat === 0) return def.params[index];
  if (def.trailing && index === count - 1 && (count - fixed) % repeat !== 0) return def.trailing;
  return def.params[fixed + ((index - fixed) % repeat)];
}

class Checker {
  readonly faults: FormulaFault[] = [];
  readonly warnings: FormulaFault[] = [];
  readonly types = new Map<Node, FormulaType>();

  constructor(private readonly lookup: RefLookup) {}

  typeOf(node: Node): FormulaType {
    const type = this.kindOf(node);
    this.types.set(node, type);
    return type;
  }

  private kindOf(node: Node): FormulaType {
    switch (node.kind) {
      case 'number':
        return single('number');
      case 'text':
        return single('text');
      case 'ref': {
        const info = this.lookup(node.path);
        if ('type' in info) return info.type;
        this.faults.push({ ...info, at: node.at });
        return single('blank');
      }
      case 'unary':
      case 'percent':
        this.need(this.typeOf(node.operand), 'number', node.operand.at);
        return single('number');
      case 'binary':
        return this.binary(node);
      case 'call':
        return this.call(node);
    }
  }

  private fault(code: FormulaFaultCode, at: Span, params?: Record<string, string | number>): void {
    this.faults.push({ code, at, ...(params ? { params } : {}) });
  }

  /** One value that suits; faults otherwise. */
  private need(type: FormulaType, wanted: Wanted, at: Span): void {
    if (type.list) this.fault('needs_single', at);
    else this.suited(type.kind, wanted, at);
  }

  private suited(kind: Kind, wanted: Wanted, at: Span): void {
    if (!suits(kind, wanted))
      this.fault('wrong_type', at, { wanted: `@${wanted}`, given: `@${kind}`, hint: hintFor(kind, wanted) });
  }

  private binary(node: Node & { kind: 'binary' }): FormulaType {
    const left = this.typeOf(node.left);
    const right = this.typeOf(node.right);
    if (left.list || right.list) {
      this.fault('needs_single', (left.list ? node.left : node.right).at);
      return single(resultOf(node.op));
    }
    if (node.op === '&') return single('text');
    if (node.op === '+' || node.op === '-') return this.sum(node, left.kind, right.kind);
    if (node.op === '*' || node.op === '/' || node.op === '^') {
      this.suited(left.kind, 'number', node.left.at);
      this.suited(right.kind, 'number', node.right.at);
      return single('number');
    }
    if (common([left.kind, right.kind]) === undefined)
      this.fault('different_types', node.at, { a: `@${left.kind}`, b: `@${right.kind}` });
    else if (node.op === '=' || node.op === '<>') {
      this.option(node.left, node.right);
      this.option(node.right, node.left);
    }
    return single('boolean');
  }

  /** Moments move by days; the difference of two is days. */
  private sum(node: Node & { kind: 'binary' }, left: Kind, right: Kind): FormulaType {
    const moment = (kind: Kind) => kind === 'date' || kind === 'datetime';
    if (moment(left) && moment(right)) {
      if (node.op === '+') this.fault('different_types', node.at, { a: `@${left}`, b: `@${right}` });
      return single('number');
    }
    if (moment(left)) {
      this.suited(right, 'number', node.right.at);
      return single(left);
    }
    if (moment(right) && node.op === '+') {
      this.suited(left, 'number', node.left.at);
      return single(right);
    }
    this.suited(left, 'number', node.left.at);
    this.suited(right, 'number', node.right.at);
    return single('number');
  }

  private option(ref: Node, text: Node): void {
    if (ref.kind !== 'ref' || text.kind !== 'text' || text.text === '') return;
    const info = this.lookup(ref.path);
    if (!('type' in info) || !info.options || info.options.includes(text.text)) return;
    this.warnings.push({ code: 'no_such_option', at: text.at, params: { name: info.name, option: text.text } });
  }

  private call(node: Node & { kind: 'call' }): FormulaType {
    const def = functionOf(node.name);
    if (!def) {
      this.fault('unknown_function', node.nameSpan, { name: node.name, hint: '@none' });
      return single('blank');
    }
    const types = node.args.map((arg) => this.typeOf(arg));
    const counted = this.arity(def, node);
    for (const [index, type] of types.entries()) {
      const param = paramAt(def, index, types.length);
      const at = node.args[index]?.at ?? node.at;
      if (!param) continue;
      if (type.list && param.shape === 'one') this.fault('needs_single', at);
      else this.suited(type.kind, param.wanted, at);
    }
    if (def.name === 'SWITCH')
      for (let index = 1; index + 1 < node.args.length; index += 2)
        this.option(node.args[0] as Node, node.args[index] as Node);
    return this.result(def, types, node, counted);
  }

  private result(def: FunctionDef, types: FormulaType[], node: Node & { kind: 'call' }, counted: boolean): FormulaType {
    if (typeof def.returns === 'string') return single(def.returns);
    if (typeof def.returns === 'object') return def.returns;
    const type = counted ? def.returns(types) : single('blank');
    if (type) return type;
    const kinds = [...new Set(types.map((item) => item.kind).filter((kind) => kind !== 'blank' && kind !== 'boolean'))];
    const [a = 'text', b = 'number'] = kinds;
    this.fault('different_types', node.at, { a: `@${a}`, b: `@${kinds.length > 1 ? b : 'boolean'}` });
    return single('blank');
  }

  private arity(def: FunctionDef, node: Node & { kind: 'call' }): boolean {
    const count = node.args.length;
    const repeat = def.repeat ?? 0;
    const fixed = def.params.length - repeat;
    const least = def.params.filter((param) => !param.optional).length;
    if (count < least) this.fault('too_few', node.nameSpan, { name: def.name, min: least });
    else if (repeat === 0 && count > def.params.length)
      this.fault('too_many', node.nameSpan, { name: def.name, max: def.params.length });
    else if (repeat > 1 && (count - fixed) % repeat !== 0 && !def.trailing)
      this.fault('uneven', node.nameSpan, { name: def.name });
    else return true;
    return false;
  }
}

function resultOf(op: BinaryOp): Kind {
  if (op === '&') return 'text';
  return ['+', '-', '*', '/', '^'].includes(op) ? 'number' : 'boolean';
}

function hintFor(kind: Kind, wanted: Wanted): string {
  if (wanted === 'number' && kind === 'text') return '@use-value';
  if (wanted === 'boolean') return '@use-compare';
  if ((wanted === 'date' || wanted === 'datetime' || wanted === 'moment') && kind === 'text') return '@use-date';
  return '@none';
}
