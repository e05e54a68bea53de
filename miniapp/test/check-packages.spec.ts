import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { faultsOf, readsGlobal } from '../scripts/check-packages.mjs';

test.each([
  ['my.request()', true],
  ['const a = { x: my }', true],
  ['typeof my', true],
  ['function f(my) { return my.x }', false],
  ['var my = 1; function g() { return my }', false],
  ['(function () { const my = {}; return () => my.x })()', false],
  ['a.my.b', false],
  ['x = { my: 1 }', false],
  ['"my.request"', false],
  ['function f(my) {} my.go()', true],
])('%s reads the global my: %s', (source, expected) => {
  expect(readsGlobal(source, 'my')).toBe(expected);
});

const kb = 1024;
/** A compiled mini-program with a subpackage, and files of these sizes. */
function compiled(files: Record<string, number>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianke-packages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  writeFileSync(join(folder, 'app.json'), JSON.stringify({ subPackages: [{ root: 'report' }] }));
  for (const [name, size] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), Buffer.alloc(size, ' '));
  }
  return folder;
}

test.each(['weapp', 'dd'])('a main package of 1 MB or a subpackage of 2 MB fails the build of %s', (target) => {
  const small = { 'app.js': 900 * kb, 'report/page.js': 2000 * kb };
  expect(faultsOf(target, compiled(small))).toEqual([]);
  expect(faultsOf(target, compiled({ ...small, 'pages/more.js': 124 * kb }))).toEqual([
    `${target} main package is 1024 KB, the limit is 1024 KB`,
  ]);
  expect(faultsOf(target, compiled({ ...small, 'report/more.js': 48 * kb }))).toEqual([
    `${target} subpackage report is 2048 KB, the limit is 2048 KB`,
  ]);
  // What is not uploaded does not count.
  expect(faultsOf(target, compiled({ ...small, 'app.js.map': 9000 * kb, 'app.js.LICENSE.txt': 900 * kb }))).toEqual([]);
});

test('what was not built is no pass', () => {
  expect(faultsOf('dd', '/nowhere')).toEqual([expect.stringContaining('not built')]);
});
