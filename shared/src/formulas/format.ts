import { type Node, percentStrength, strength, unaryStrength } from './ast.js';

/**
 * The one text of a formula: canonical function names, fields in braces, brackets only where the reading needs them.
 * `nameOf` turns a reference's segments into the ones to write (ids into names); as they are when absent.
 */
export function format(node: Node, nameOf: (path: readonly string[]) => readonly string[] = (path) => path): string {
  const inside = (child: Node, least: number): string => {
    const text = format(child, nameOf);
    return strengthOf(child) < least ? `(${text})` : text;
  };
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'text':
      return `"${node.text.replaceAll('"', '""')}"`;
    case 'ref':
      return `{${nameOf(node.path).map(escaped).join('.')}}`;
    case 'unary':
      return `${node.op}${inside(node.operand, unaryStrength)}`;
    case 'percent':
      return `${inside(node.operand, percentStrength)}%`;
    case 'binary': {
      const own = strength[node.op];
      return `${inside(node.left, own)} ${node.op} ${inside(node.right, own + 1)}`;
    }
    case 'call':
      return `${node.name}(${node.args.map((arg) => format(arg, nameOf)).join(', ')})`;
  }
}

function strengthOf(node: Node): number {
  switch (node.kind) {
    case 'binary':
      return strength[node.op];
    case 'unary':
      return unaryStrength;
    case 'percent':
      return percentStrength;
    default:
      return 9;
  }
}

function escaped(segment: string): string {
  return segment.replace(/[\\.}｝]/g, (char) => `\\${char}`);
}
