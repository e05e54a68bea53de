const { createHash } = require('node:crypto');
const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');

const hashBytes = 32;
const fileOf = (bundle) => `${bundle}.code`;

/** Of the bundle's identity, which stands in its last line, and the code: a damaged file would end the process. */
function seal(text, code) {
  return createHash('sha256')
    .update(text.slice(text.lastIndexOf('\n// ')))
    .update(code)
    .digest();
}

/** Machine code kept for this very bundle, undefined when there is none or it is damaged. V8 itself looks at its version. */
exports.keptCode = (bundle, text) => {
  try {
    const file = readFileSync(fileOf(bundle));
    const code = file.subarray(hashBytes);
    return seal(text, code).equals(file.subarray(0, hashBytes)) ? code : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps it, complete or not at all; where the folder may not be written every start compiles. */
exports.keepCode = (bundle, text, code) => {
  const part = `${fileOf(bundle)}.${process.pid}`;
  try {
    writeFileSync(part, Buffer.concat([seal(text, code), code]));
    renameSync(part, fileOf(bundle));
  } catch {
    rmSync(part, { force: true });
  }
};
