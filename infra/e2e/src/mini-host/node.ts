/** An element or text as a mini-program's renderer would show it. */
export interface RenderedNode {
  /** Tag name, or `#text`. */
  name: string;
  text: string;
  /** Attributes with their expressions evaluated. */
  attributes: Record<string, unknown>;
  /** Attributes as the template has them: event handlers are found here. */
  raw: Record<string, string>;
  children: RenderedNode[];
  parent: RenderedNode | null;
}

/** The first node, depth first, that meets `test`. */
export function findNode(
  nodes: readonly RenderedNode[],
  test: (node: RenderedNode) => boolean,
): RenderedNode | undefined {
  for (const node of nodes) {
    const found = test(node) ? node : findNode(node.children, test);
    if (found) return found;
  }
  return undefined;
}

/** All text below a node, in reading order. */
export function textOf(node: RenderedNode): string {
  return node.name === '#text' ? node.text : node.children.map(textOf).join('');
}

/** Every node and what is below it, in reading order. */
export function allNodes(nodes: readonly RenderedNode[]): RenderedNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.children)]);
}
