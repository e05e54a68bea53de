import type { Node } from './ast.js';
import { paramAt } from './check.js';
import { Dec } from './decimal.js';
import { FaultError, type FormulaFault, fail } from './faults.js';
import type { Argument, FunctionDef, Param, RunContext } from './functions/define.js';
import { power } from './functions/number.js';
import { functionOf } from './functions/registry.js';
import type { FormulaType, Wanted } from './types.js';
import {
  compareValues,
  dateValue,
  dayMs,
  instantValue,
  isList,
  isMoment,
  maxList,
  numberOf,
  type Scalar,
  sameValue,
  textValue,
  toBoolean,
  toDay,
  toInstant,
  toNumber,
  toText,
  type Value,
} from './values.js';

/** What a formula is computed with. */
export interface FormulaEnv {
  now: Date;
  /** IANA zone of the tenant. */
  timeZone: string;
  /** The value behind a reference's resolved segments. */
  read(path: readonly string[]): Value;
  /** What the check found each part to give. */
  types: ReadonlyMap<Node, FormulaType>;
  /** Most steps of one evaluation; `maxSteps` when absent. */
  maxSteps?: number;
}

/** Steps (nodes, list elements, days counted) one evaluation may take. */
export const maxSteps = 2_000_000;

export type Evaluation = { ok: true; value: Value } | { ok: false; fault: FormulaFault };

/** Computes a checked formula. Bounded in steps and sizes; never throws for what the data holds. */
export function evaluateFormula(node: Node, env: FormulaEnv): Evaluation {
  try {
    return { ok: true, value: new Run(env).value(node) };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}

class Run {
  private left: number;

  constructor(private readonly env: FormulaEnv) {
    this.left = env.maxSteps ?? maxSteps;
  }

  value(node: Node): Value {
    this.spend(1, node);
    switch (node.kind) {
      case 'number':
        return new Dec(node.text);
      case 'text':
        return node.text;
      case 'ref': {
        const value = this.env.read(node.path);
        if (isList(value)) {
          if (value.length > maxList) fail('list_too_long', node.at, { max: maxList });
          this.spend(value.length, node);
        }
        return value;
      }
      case 'unary': {
        const operand = toNumber(this.one(node.operand), node.operand.at);
        return node.op === '-' ? operand.neg() : operand;
      }
      case 'percent':
        return toNumber(this.one(node.operand), node.operand.at).div(100);
      case 'binary':
        return this.binary(node);
      case 'call':
        return this.call(node);
    }
  }

  private spend(steps: number, node: Node): void {
    this.left -= steps;
    if (this.left < 0) fail('too_much_work', node.at);
  }

  private one(node: Node): Scalar {
    const value = this.value(node);
    return isList(value) ? fail('needs_single', node.at) : value;
  }

  private binary(node: Node & { kind: 'binary' }): Scalar {
    const a = this.one(node.left);
    const b = this.one(node.right);
    const zone = this.env.timeZone;
    switch (node.op) {
      case '&':
        return textValue(toText(a, zone) + toText(b, zone), node.at);
      case '=':
        return sameValue(a, b, zone, node.at);
      case '<>':
        return !sameValue(a, b, zone, node.at);
      case '<':
      case '>':
      case '<=':
      case '>=': {
        // An empty date is neither before nor after any date.
        if ((isMoment(a) && b === null) || (a === null && isMoment(b))) return false;
        const order = compareValues(a, b, zone, node.at);
        return node.op === '<' ? order < 0 : node.op === '>' ? order > 0 : node.op === '<=' ? order <= 0 : order >= 0;
      }
      case '+':
      case '-':
        if (this.isMoment(node.left, a) || this.isMoment(node.right, b)) return this.shift(node, a, b);
        break;
    }
    const x = toNumber(a, node.left.at);
    const y = toNumber(b, node.right.at);
    switch (node.op) {
      case '+':
        return numberOf(x.add(y), node.at);
      case '-':
        return numberOf(x.sub(y), node.at);
      case '*':
        return numberOf(x.mul(y), node.at);
      case '/':
        return y.isZero() ? fail('divide_by_zero', node.right.at) : numberOf(x.div(y), node.at);
      case '^':
        return power(x, y, { at: node.at, name: '^' });
    }
  }

  /** A date, also one that is missing: the check knows what should stand here. */
  private isMoment(node: Node, value: Scalar): boolean {
    const kind = this.env.types.get(node)?.kind;
    return isMoment(value) || (value === null && (kind === 'date' || kind === 'datetime'));
  }

  /** Dates and numbers of days. A missing date makes the result blank, a missing number counts as 0. */
  private shift(node: Node & { kind: 'binary' }, a: Scalar, b: Scalar): Scalar {
    const zone = this.env.timeZone;
    if (this.isMoment(node.left, a) && this.isMoment(node.right, b)) {
      if (a === null || b === null) return null;
      if (isMoment(a) && isMoment(b) && a.kind === 'date' && b.kind === 'date') return new Dec(a.day - b.day);
      const ms = (toInstant(a, zone, node.left.at) ?? 0) - (toInstant(b, zone, node.right.at) ?? 0);
      return new Dec(ms).div(dayMs);
    }
    const dateFirst = this.isMoment(node.left, a);
    const moment = dateFirst ? a : b;
    const days = dateFirst ? toNumber(b, node.right.at) : toNumber(a, node.left.at);
    if (!isMoment(moment)) return null;
    const by = node.op === '-' ? days.neg() : days;
    if (by.abs().gt(4_000_000)) fail('not_a_date', node.at, { text: by.toFixed() });
    return moment.kind === 'date'
      ? dateValue(moment.day + by.floor().toNumber(), node.at)
      : instantValue(moment.ms + by.mul(dayMs).round().toNumber(), node.at);
  }

  private call(node: Node & { kind: 'call' }): Value {
    const def = functionOf(node.name);
    if (!def) return fail('unknown_function', node.nameSpan, { name: node.name, hint: '@none' });
    const context: RunContext = {
      zone: this.env.timeZone,
      now: this.env.now,
      at: node.at,
      name: def.name,
      spend: (steps) => this.spend(steps, node),
    };
    if ('lazy' in def)
      return def.lazy(
        node.args.map((arg) => () => this.value(arg)),
        context,
      );
    const args = this.args(def, node, context);
    return args === undefined ? null : def.run(args, context);
  }

  /** Converted arguments, those of a repeated `many` param gathered into one list; undefined when a needed date is blank. */
  private args(def: FunctionDef, node: Node & { kind: 'call' }, context: RunContext): Argument[] | undefined {
    const count = node.args.length;
    const result: Argument[] = [];
    let gathered: Scalar[] | undefined;
    for (const [index, arg] of node.args.entries()) {
      const param = paramAt(def, index, count);
      if (!param) break;
      const value = this.value(arg);
      if (param.shape === 'many') {
        if (!gathered) {
          gathered = [];
          result[Math.min(index, def.params.length - (def.repeat ?? 0))] = gathered;
        }
        for (const item of isList(value) ? value : [value]) gathered.push(inList(item, param.wanted, arg, context));
        continue;
      }
      if (param.shape === 'list') {
        result[index] = (isList(value) ? value : [value]).map((item) => inList(item, param.wanted, arg, context));
        continue;
      }
      const single = isList(value) ? fail('needs_single', arg.at) : value;
      if (single === null && !def.blankDates && needsDate(param)) {
        // Not given and given but empty are the same for what may be left out.
        if (!param.optional) return undefined;
        continue;
      }
      result[index] = converted(single, param.wanted, arg, context);
    }
    return result;
  }
}

function needsDate(param: Param): boolean {
  return param.wanted === 'date' || param.wanted === 'datetime' || param.wanted === 'moment';
}

function converted(value: Scalar, wanted: Wanted, node: Node, { zone }: RunContext): Argument {
  switch (wanted) {
    case 'number':
      return toNumber(value, node.at);
    case 'text':
      return toText(value, zone);
    case 'boolean':
      return toBoolean(value, node.at);
    case 'date':
      return toDay(value, zone, node.at);
    case 'datetime':
      return toInstant(value, zone, node.at);
    default:
      return value;
  }
}

/** Elements keep being blank, so that averages and counts leave them out. */
function inList(value: Scalar, wanted: Wanted, node: Node, context: RunContext): Scalar {
  if (value === null) return null;
  if (wanted === 'number' || wanted === 'text' || wanted === 'boolean')
    return converted(value, wanted, node, context) as Scalar;
  return value;
}
