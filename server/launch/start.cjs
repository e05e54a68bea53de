// node server/launch/start.cjs: the built server, from one file with kept machine code.
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runBundle } = require('./run-bundle.cjs');

// Else V8 lets what large imports leave behind pile up to four times what is alive before it looks. Told before the
// bundle is read: kept machine code is good for the same flags only.
setFlagsFromString('--heap-growing-percent=50');

runBundle(join(__dirname, '../dist/server.cjs'));
