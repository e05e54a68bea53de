import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './paths.mjs';
import { node, tool } from './run.mjs';

/**
 * Runs the vitest suite of one folder, showing its report.
 * @returns {Promise<{passed: number, failed: number}>} a file that could not run counts as one failure
 */
export async function vitest(folder, args = [], env = {}) {
  const reports = mkdtempSync(join(tmpdir(), 'lianke-report-'));
  const report = join(reports, 'report.json');
  try {
    const { code } = await node(
      [
        tool('vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...args,
      ],
      { cwd: at(folder), env: { ...process.env, ...env } },
    );
    return count(report, code);
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

function count(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = numFailedTests + broken;
  // Errors outside of tests (an unhandled rejection) show in the exit code only.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** The line every test command ends with; sets the exit code. */
export function conclude(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}
