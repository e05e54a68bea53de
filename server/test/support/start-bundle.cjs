// node start-bundle.cjs <bundle> [arguments]: runs what `bundled` made. The first process keeps the machine code it came
// by beside the bundle; the next ones begin in half the time.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const vm = require('node:vm');

/** By then the code that every process goes through has been compiled. */
const settledMs = 3000;

const [bundle] = process.argv.splice(2, 1);
const kept = `${bundle}.code`;
const script = new vm.Script(`(function (require) {${readFileSync(bundle, 'utf8')}\n})`, {
  filename: bundle,
  cachedData: keptCode(),
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (script.cachedDataRejected !== false) setTimeout(keepCode, settledMs).unref();
script.runInThisContext()(createRequire(bundle));

function keptCode() {
  try {
    return readFileSync(kept);
  } catch {
    return undefined;
  }
}

function keepCode() {
  const part = `${kept}.${process.pid}`;
  writeFileSync(part, script.createCachedData());
  renameSync(part, kept);
}
