const { closeSync, fstatSync, openSync, readFileSync, readSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

/** One entry: line and column in the bundle, number of the source, line in it; all from 0, little-endian, sorted. */
const entryBytes = 16;

/**
 * From now on stack traces name the source and its line instead of the bundle's. The table that `bundle.mjs` wrote is
 * searched on disk, a few bytes for each frame: a source map in memory would take ten times the bundle's size.
 */
exports.tellPlaces = (bundle) => {
  let table;
  Error.prepareStackTrace = (error, frames) => {
    table ??= openTable(bundle);
    return [headOf(error), ...frames.map((frame) => `    at ${named(String(frame), bundle, table)}`)].join('\n');
  };
};

function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function named(frame, bundle, table) {
  const at = frame.lastIndexOf(`${bundle}:`);
  const [whole, line, column] = /^(\d+):(\d+)/.exec(at < 0 ? '' : frame.slice(at + bundle.length + 1)) ?? [];
  const place = whole && table.find(Number(line) - 1, Number(column) - 1);
  if (!place) return frame;
  return `${frame.slice(0, at)}${resolve(dirname(bundle), place.source)}:${place.line + 1}${frame.slice(at + bundle.length + 1 + whole.length)}`;
}

/** A table that cannot be read finds nothing: the trace then names the bundle. */
function openTable(bundle) {
  try {
    const sources = JSON.parse(readFileSync(`${bundle}.sources`, 'utf8'));
    const handle = openSync(`${bundle}.places`, 'r');
    process.once('exit', () => closeSync(handle));
    const count = Math.floor(fstatSync(handle).size / entryBytes);
    return { find: (line, column) => find({ handle, sources, count }, line, column) };
  } catch {
    return { find: () => undefined };
  }
}

/** The last entry at or before the place, if it is on the same line. */
function find({ handle, sources, count }, line, column) {
  const entry = Buffer.alloc(entryBytes);
  const read = (index) => {
    readSync(handle, entry, 0, entryBytes, index * entryBytes);
    return { line: entry.readUInt32LE(0), column: entry.readUInt32LE(4) };
  };
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = read(middle);
    if (found.line < line || (found.line === line && found.column <= column)) low = middle + 1;
    else high = middle - 1;
  }
  if (high < 0 || read(high).line !== line) return undefined;
  return { source: sources[entry.readUInt32LE(8)], line: entry.readUInt32LE(12) };
}
