/** A row of the table as pasting sees it. */
export interface PasteRow {
  key: string;
  name: string;
}

export interface Pasted {
  /** Cells to fill: row key, place of the period, amount as it is sent; null empties the cell. */
  cells: { key: string; at: number; amount: string | null }[];
  /** Names that stand for nobody. */
  unknown: string[];
  /** Cells that are no numbers. */
  bad: number;
}

/** `1,200`, `￥1200.5`, `１２００` and blanks as what is sent; undefined for what is no number. */
export function amountOf(text: string): string | null | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s,¥$]/g, '')
    .trim();
  if (plain === '' || plain === '-') return null;
  return /^\d{1,15}(\.\d{1,4})?$/.test(plain) ? plain : undefined;
}

/**
 * What a pasted block means: with names in its first column each line goes to whom it names, from the first period on;
 * without, it fills cells to the right and below of where it was pasted.
 */
export function readPaste(
  text: string,
  rows: readonly PasteRow[],
  start: { row: number; at: number },
  periods: number,
): Pasted {
  const lines = text.replace(/\r/g, '').replace(/\n+$/, '').split('\n');
  const table = lines.map((line) => line.split('\t'));
  const byName = new Map(rows.map((row) => [row.name.trim(), row.key]));
  const named = table.some(([first = '']) => byName.has(first.trim()));
  const result: Pasted = { cells: [], unknown: [], bad: 0 };
  for (const [index, line] of table.entries()) {
    const [first = '', ...rest] = line;
    const key = named ? byName.get(first.trim()) : rows[start.row + index]?.key;
    if (named && !key) {
      // A head above the first name is no name.
      if (first.trim() !== '' && rest.some((cell) => typeof amountOf(cell) === 'string'))
        result.unknown.push(first.trim());
      continue;
    }
    if (!key) continue;
    for (const [offset, cell] of (named ? rest : line).entries()) {
      const at = (named ? 0 : start.at) + offset;
      if (at >= periods) break;
      const amount = amountOf(cell);
      if (amount === undefined) result.bad++;
      else result.cells.push({ key, at, amount });
    }
  }
  return result;
}
