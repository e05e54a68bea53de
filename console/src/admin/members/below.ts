interface Node {
  id: string;
  parentId: string | null;
}

/** A department and all below it. */
export function belowOf(list: readonly Node[], id: string): Set<string> {
  const found = new Set([id]);
  // Parents may stand after their children: look until nothing is added.
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const item of list) if (item.parentId && found.has(item.parentId)) found.add(item.id);
  }
  return found;
}
