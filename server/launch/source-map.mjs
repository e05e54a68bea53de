const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const valueOfDigit = new Map([...digits].map((digit, value) => [digit, value]));
/** What one character beyond ASCII grows by as `\uXXXX`. */
const escapeGrowth = 5;

/**
 * The table of `places.cjs` from a source map: an entry for each place in a line where another source or line of it begins.
 * `lines` are the generated text before its characters beyond ASCII are escaped.
 */
export function placesOf(map, lines) {
  const entries = [];
  let [source, sourceLine] = [0, 0];
  for (const [line, segments] of map.mappings.split(';').entries()) {
    const shift = shiftsOf(lines[line] ?? '');
    let column = 0;
    let last = '';
    for (const segment of segments ? segments.split(',') : []) {
      const [columnBy, sourceBy, lineBy] = numbersOf(segment);
      column += columnBy;
      if (sourceBy === undefined) continue;
      source += sourceBy;
      sourceLine += lineBy;
      const place = `${source}:${sourceLine}`;
      if (place === last) continue;
      last = place;
      entries.push(line, column + shift(column), source, sourceLine);
    }
  }
  const table = Buffer.alloc(entries.length * 4);
  for (const [index, value] of entries.entries()) table.writeUInt32LE(value, index * 4);
  return table;
}

/** Asked for growing columns: how far escapes before the column push it. */
function shiftsOf(text) {
  let [seen, shift] = [0, 0];
  return (column) => {
    for (; seen < column; seen += 1) if (text.charCodeAt(seen) > 0x7f) shift += escapeGrowth;
    return shift;
  };
}

/** Base64 VLQ, as the source map format has it: five bits a digit, the sixth says that more follow; the lowest is the sign. */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = valueOfDigit.get(digit) ?? 0;
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
