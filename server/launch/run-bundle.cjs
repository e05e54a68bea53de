const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const vm = require('node:vm');
const { keepCode, keptCode } = require('./kept-code.cjs');
const { tellPlaces } = require('./places.cjs');

/** By then the code that every start goes through has been compiled. */
const settledMs = 3000;
/** What `bundle.mjs` leaves to be told. */
const opening = '(function (require, $load$, placeOf, folderOf, fileOf) {';

/**
 * Runs a file that `bundle.mjs` made. The first process that does so keeps the machine code it came by beside it, when it
 * has come to rest or ends before; later ones begin in a third of the time. Stack traces name the sources.
 */
exports.runBundle = (bundle) => {
  // Latin-1, which `bundle.mjs` sees to: V8 holds it in half the memory.
  const text = readFileSync(bundle, 'latin1');
  const script = new vm.Script(`${opening}${text}\n})`, {
    filename: bundle,
    columnOffset: -opening.length,
    cachedData: keptCode(bundle, text),
  });
  if (script.cachedDataRejected !== false) keepLater(() => keepCode(bundle, text, script.createCachedData()));
  tellPlaces(bundle);
  const base = pathToFileURL(bundle);
  const placeOf = (path) => new URL(path, base).href;
  const fileOf = (path) => fileURLToPath(placeOf(path));
  // Node can load modules for a file of its own without asking for a flag, not for a script.
  const load = (name) => import(name);
  script.runInThisContext()(requireBeside(bundle), load, placeOf, (path) => dirname(fileOf(path)), fileOf);
};

/**
 * `require` for what is not in the bundle. Code that asks by a name made up at run time for a package that is in it would
 * get a second one, which knows nothing of what was set on the first.
 */
function requireBeside(bundle) {
  const within = new Set(JSON.parse(readFileSync(`${bundle}.packages`, 'utf8')));
  const outside = createRequire(bundle);
  const once = (name) => {
    if (within.has(/^(?:@[^/]+\/)?[^/]*/.exec(name)[0]))
      throw new Error(`${name} is in the bundle: hand it over instead`);
    return outside(name);
  };
  return Object.assign(once, outside);
}

function keepLater(keep) {
  const once = () => {
    clearTimeout(timer);
    process.off('exit', once);
    keep();
  };
  const timer = setTimeout(once, settledMs).unref();
  process.once('exit', once);
}
