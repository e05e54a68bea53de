import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from '@swc/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const node = (args: string[]) => promisify(execFile)(process.execPath, args);

const launch = (file: string) => fileURLToPath(new URL(`../launch/${file}`, import.meta.url));

const main = `import { told } from './deep/told.js';
const later = () => import('./later.js');

export class Thing {
  import(word: string): string { return word; }
  /** 说明：不在成品里。 */
  fail(): never {
    const 话 = '出错了 😀'; throw new Error(话);
  }
}

async function all(): Promise<void> {
  console.log(told(), (await later()).word, (await import('node:path')).sep.length, new Thing().import('导入'));
  new Thing().fail();
}

all().catch((error: unknown) => console.log(error instanceof Error ? error.stack : error));
`;

const told = `import { readFileSync } from 'node:fs';
export const told = (): string => readFileSync(new URL('./词.txt', import.meta.url), 'utf8');
`;

/** A package that asks for another by a name made up at run time. */
const asking = `exports.ask = (name) => require(name).told;
`;

describe('a bundle', () => {
  let folder: string;
  let bundle: string;
  const code = () => `${bundle}.code`;

  const start = async (made = bundle): Promise<string[]> => {
    const script = `require(${JSON.stringify(launch('run-bundle.cjs'))}).runBundle(${JSON.stringify(made)})`;
    const { stdout, stderr } = await node(['-e', script]);
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  const write = async (name: string, source: string): Promise<void> => {
    const built = join(folder, 'dist', name);
    mkdirSync(join(built, '..'), { recursive: true });
    const { code, map } = await transform(source, {
      configFile: false,
      swcrc: false,
      sourceMaps: true,
      sourceFileName: `../src/${name.replace(/\.js$/, '.ts')}`,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    writeFileSync(built, code);
    writeFileSync(`${built}.map`, map ?? '');
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lianke-成品 '));
    bundle = join(folder, 'dist', 'all.cjs');
    await write('main.js', main);
    await write('deep/told.js', told);
    await write('later.js', `export const word: string = '后来';\n`);
    writeFileSync(join(folder, 'dist/deep/词.txt'), '词');
    await node([launch('bundle.mjs'), join(folder, 'dist/main.js'), bundle]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds files beside its sources and what it loads later; texts, and a method named import, are as they were', async () => {
    const [first, second] = await start();
    expect(first).toBe('词 后来 1 导入');
    expect(second).toBe('Error: 出错了 😀');
  });

  it('is told of in its sources by stack traces', async () => {
    const lines = await start();
    const line = 1 + main.split('\n').findIndex((text) => text.includes('throw new'));
    expect(lines[2]).toMatch(new RegExp(`^    at Thing\\.fail \\(.*[\\\\/]src[\\\\/]main\\.ts:${line}\\)$`));
    expect(lines[3]).toMatch(/^ {4}at .*all \(.*main\.ts:14\)$/);
  });

  it('is plain ASCII, whatever its texts: V8 holds it in one byte a character', () => {
    const text = readFileSync(bundle, 'latin1');
    expect([...text].every((character) => character.charCodeAt(0) < 0x80)).toBe(true);
    expect(text).not.toContain('不在成品里');
  });

  it('keeps its machine code once, and again when what is kept is damaged or of another bundle', async () => {
    rmSync(code(), { force: true });
    const said = await start();
    const kept = readFileSync(code());
    const { ino } = statSync(code());
    expect(await start()).toEqual(said);
    expect(statSync(code()).ino).toBe(ino);
    const damaged = Buffer.from(kept);
    damaged[damaged.length - 9] = (damaged[damaged.length - 9] ?? 0) ^ 0xff;
    for (const bad of [damaged, kept.subarray(0, 100), Buffer.alloc(0)]) {
      writeFileSync(code(), bad);
      expect(await start()).toEqual(said);
      expect(readFileSync(code()).equals(bad)).toBe(false);
    }
  });

  it('gives nobody a second copy of a package that it holds, which would know none of what was set on the first', async () => {
    for (const [name, text] of [
      ['asking', asking],
      ['within', `exports.told = 'within';\n`],
      ['beside', `exports.told = 'beside';\n`],
    ] as const) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(join(folder, 'node_modules', name, 'index.js'), text);
    }
    writeFileSync(
      join(folder, 'dist/asks.js'),
      `import { ask } from 'asking';
import within from 'within';
const told = (name) => { try { return ask(name); } catch (error) { return error.message; } };
console.log(within.told + ', ' + told('beside') + ', ' + told('within'));
`,
    );
    const asks = join(folder, 'dist', 'asks.cjs');
    await node([launch('bundle.mjs'), join(folder, 'dist/asks.js'), asks]);
    expect(await start(asks)).toEqual(['within, beside, within is in the bundle: hand it over instead']);
  });

  it('runs without the table of places and where nothing can be kept', async () => {
    rmSync(`${bundle}.places`);
    rmSync(code(), { force: true });
    mkdirSync(code());
    const lines = await start();
    expect(lines[1]).toBe('Error: 出错了 😀');
    expect(lines[2]).toContain(bundle);
    expect(readdirSync(join(folder, 'dist')).filter((name) => /\.code\.\d/.test(name))).toEqual([]);
  });
});
