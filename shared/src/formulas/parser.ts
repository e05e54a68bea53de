import { type Node, percentStrength, type Span, strength, unaryStrength } from './ast.js';
import { FaultError, type FormulaFault, fail } from './faults.js';
import { functionNamed, similarFunction } from './functions/names.js';
import { type Token, tokens } from './lexer.js';

/** Deepest nesting of a formula. */
export const maxDepth = 60;

export type Parse = { ok: true; node: Node } | { ok: false; fault: FormulaFault };

/** Reads a formula; functions become their canonical English name, references keep their segments as written. */
export function parse(source: string): Parse {
  try {
    return { ok: true, node: new Parser(tokens(source)).formula() };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}

class Parser {
  private index = 0;
  private depth = 0;

  constructor(private readonly list: readonly Token[]) {}

  formula(): Node {
    const [first, second] = this.list;
    // A leading = is what spreadsheets taught people to type.
    if (first?.kind === 'op' && first.op === '=') this.index = 1;
    if (first?.kind === 'end' || (this.index === 1 && second?.kind === 'end')) fail('empty', this.peek().at);
    const node = this.expression(0);
    const rest = this.peek();
    if (rest.kind !== 'end') fail('unexpected', rest.at, { text: shown(rest) });
    return node;
  }

  private peek(): Token {
    return this.list[this.index] ?? (this.list.at(-1) as Token);
  }

  private next(): Token {
    const token = this.peek();
    this.index++;
    return token;
  }

  private expression(least: number): Node {
    if (++this.depth > maxDepth) fail('too_deep', this.peek().at, { max: maxDepth });
    let left = this.prefix();
    for (;;) {
      const token = this.peek();
      if (token.kind !== 'op') break;
      if (token.op === '%') {
        if (percentStrength < least) break;
        this.next();
        left = { kind: 'percent', operand: left, at: { start: left.at.start, end: token.at.end } };
        continue;
      }
      const own = strength[token.op];
      if (own < least) break;
      this.next();
      const right = this.expression(own + 1);
      left = { kind: 'binary', op: token.op, left, right, at: { start: left.at.start, end: right.at.end } };
    }
    this.depth--;
    return left;
  }

  private prefix(): Node {
    const token = this.next();
    switch (token.kind) {
      case 'number':
      case 'text':
        return { kind: token.kind, text: token.text, at: token.at };
      case 'ref':
        return { kind: 'ref', path: token.path, at: token.at };
      case 'op':
        if (token.op === '-' || token.op === '+') {
          const operand = this.expression(unaryStrength);
          return { kind: 'unary', op: token.op, operand, at: { start: token.at.start, end: operand.at.end } };
        }
        return fail('expected_value', token.at);
      case '(': {
        const inner = this.expression(0);
        const close = this.close(token.at);
        return { ...inner, at: { start: token.at.start, end: close.end } };
      }
      case 'name':
        return this.named(token.text, token.at);
      default:
        return fail('expected_value', token.at);
    }
  }

  /** A call, a constant written without brackets, or a field whose name needs no braces. */
  private named(text: string, at: Span): Node {
    const called = this.peek().kind === '(';
    const known = functionNamed(text);
    if (called) {
      this.next();
      if (!known) {
        const like = similarFunction(text);
        fail('unknown_function', at, { name: text, hint: like ? `@like:${like}` : '@none' });
      }
      const args: Node[] = [];
      if (this.peek().kind === ')')
        return { kind: 'call', name: known, args, nameSpan: at, at: { start: at.start, end: this.next().at.end } };
      for (;;) {
        args.push(this.expression(0));
        const token = this.peek();
        if (token.kind === ',') {
          this.next();
          continue;
        }
        const close = this.close(at);
        return { kind: 'call', name: known, args, nameSpan: at, at: { start: at.start, end: close.end } };
      }
    }
    if (known && constants.has(known)) return { kind: 'call', name: known, args: [], nameSpan: at, at };
    return { kind: 'ref', path: text.split('.'), at };
  }

  private close(open: Span): Span {
    const token = this.peek();
    if (token.kind === ')') return this.next().at;
    if (token.kind === 'end') return fail('expected_close', { start: open.start, end: token.at.end });
    return fail('unexpected', token.at, { text: shown(token) });
  }
}

const constants = new Set(['TRUE', 'FALSE']);

function shown(token: Token): string {
  switch (token.kind) {
    case 'number':
    case 'text':
    case 'name':
      return token.text;
    case 'ref':
      return token.path.join('.');
    case 'op':
      return token.op;
    case 'end':
      return '';
    default:
      return token.kind;
  }
}
