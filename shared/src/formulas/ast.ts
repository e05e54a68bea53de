/** A stretch of the formula's text: UTF-16 offsets, `end` excluded. */
export interface Span {
  start: number;
  end: number;
}

export const binaryOps = ['=', '<>', '<', '>', '<=', '>=', '&', '+', '-', '*', '/', '^'] as const;
export type BinaryOp = (typeof binaryOps)[number];

/** A formula. `path` of a reference holds its segments: names as typed, or ids once resolved (`f_…`, `owner`, `<f_…` for the rows whose relation points here). */
export type Node = (
  | { kind: 'number'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'ref'; path: readonly string[] }
  | { kind: 'unary'; op: '-' | '+'; operand: Node }
  | { kind: 'percent'; operand: Node }
  | { kind: 'binary'; op: BinaryOp; left: Node; right: Node }
  | { kind: 'call'; name: string; args: readonly Node[]; nameSpan: Span }
) & { at: Span };

/** Binding strength, weakest first; unary signs bind tighter than `^`, as in Excel. */
export const strength: Record<BinaryOp, number> = {
  '=': 1,
  '<>': 1,
  '<': 1,
  '>': 1,
  '<=': 1,
  '>=': 1,
  '&': 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
  '^': 5,
};
export const unaryStrength = 6;
export const percentStrength = 7;

/** Every reference of a formula, in reading order, repeats kept. */
export function refsOf(node: Node): (Node & { kind: 'ref' })[] {
  switch (node.kind) {
    case 'ref':
      return [node];
    case 'unary':
    case 'percent':
      return refsOf(node.operand);
    case 'binary':
      return [...refsOf(node.left), ...refsOf(node.right)];
    case 'call':
      return node.args.flatMap(refsOf);
    default:
      return [];
  }
}

/** Names of the functions a formula calls. */
export function callsOf(node: Node): string[] {
  switch (node.kind) {
    case 'unary':
    case 'percent':
      return callsOf(node.operand);
    case 'binary':
      return [...callsOf(node.left), ...callsOf(node.right)];
    case 'call':
      return [node.name, ...node.args.flatMap(callsOf)];
    default:
      return [];
  }
}
