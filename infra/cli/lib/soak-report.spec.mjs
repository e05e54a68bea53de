import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeReport } from './soak-report.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianke-soak-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = ['crash-points', 'races'];
const ran = (part, noted, more = {}) => ({
  part,
  title: '保证',
  ok: true,
  outcome: '1 passed, 0 failed',
  noted,
  seconds: 60,
  ...more,
});
const points = (seed, kills) => [
  { part: 'crash-points', facts: { seed } },
  { part: 'crash-points', facts: { kills, deals: 3 } },
];
const write = (results, add) => writeReport(names, results, add, join(folder, 'last.md'));

it('adds the counts of a run to those of the run before, and leaves other rows as they stand', () => {
  write([ran('races', [{ part: 'races', facts: { rounds: 10 } }]), ran('crash-points', points(11, 1191))], false);
  const [row] = write([ran('crash-points', points(22, 809))], true);
  expect(row).toContain('| crash-points: seed 11/22, kills 2000, deals 6 | 120 s |');
  const text = readFileSync(join(folder, 'last.md'), 'utf8');
  expect(text).toContain(row);
  expect(text).toContain('races: rounds 10');
});

it('does not add to a run that failed, nor unless it is asked to', () => {
  write([ran('crash-points', points(11, 5), { ok: false, outcome: '0 passed, 1 failed' })], false);
  expect(write([ran('crash-points', points(22, 7))], true)[0]).toContain('seed 22, kills 7,');
  expect(write([ran('crash-points', points(33, 9))], false)[0]).toContain('seed 33, kills 9,');
});
