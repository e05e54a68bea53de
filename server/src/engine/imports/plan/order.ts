import type { CompiledSheet, CompiledTarget } from './compiled.js';

/** Targets of one sheet, what others point at first; the main one leads. */
export function sortTargets(targets: readonly CompiledTarget[]): CompiledTarget[] {
  return sorted(targets, (target) => targets.filter((other) => other.key === target.parent?.target));
}

/** Sheets whose records others name come first, whatever their order in the file. */
export function sortSheets(sheets: readonly CompiledSheet[]): CompiledSheet[] {
  return sorted(sheets, (sheet) => {
    const wanted = new Set(
      sheet.targets.flatMap((target) =>
        [...target.links, ...target.lines.flatMap((lines) => lines.target.links)].flatMap((link) => link.feeds),
      ),
    );
    return sheets.filter((other) => other !== sheet && other.targets.some((target) => wanted.has(target.key)));
  });
}

/** Depth first, keeping the given order where nothing speaks against it; a circle is cut where it closes. */
function sorted<Item>(items: readonly Item[], needs: (item: Item) => readonly Item[]): Item[] {
  const done = new Set<Item>();
  const visit = (item: Item, path: ReadonlySet<Item>) => {
    if (done.has(item) || path.has(item)) return;
    for (const other of needs(item)) visit(other, new Set([...path, item]));
    done.add(item);
  };
  for (const item of items) visit(item, new Set());
  return [...done];
}
