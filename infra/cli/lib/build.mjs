import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { at, root } from './paths.mjs';
import { npmRun, tool } from './run.mjs';
import { PlainError, stage } from './say.mjs';

/**
 * What `npm start` builds. `inputs` decide whether it is stale, `output` is the file that proves it was built, `clean`
 * says that the build leaves files of deleted sources behind.
 */
const parts = {
  shared: {
    name: '公共定义',
    workspace: '@lianke/shared',
    folder: 'shared',
    output: 'dist/ids.js',
    clean: 'dist',
    after: [],
  },
  server: {
    name: '服务端',
    workspace: '@lianke/server',
    folder: 'server',
    output: 'dist/server.cjs',
    clean: 'dist',
    after: ['shared'],
  },
  console: {
    name: '控制台',
    workspace: '@lianke/console',
    folder: 'console',
    output: 'dist/index.html',
    after: ['shared'],
  },
  miniapp: {
    name: '手机端',
    workspace: '@lianke/miniapp',
    folder: 'miniapp',
    output: 'dist/h5/index.html',
    after: ['shared'],
  },
  sandbox: {
    name: '演示台',
    workspace: '@lianke/sandbox',
    folder: 'infra/sandbox',
    output: 'dist/server/main.js',
    after: ['shared'],
  },
};

// One builder a core: the bundlers are single-threaded for most of their time.
const parallel = 2;

const notInputs = new Set(['dist', 'node_modules', 'coverage', 'test', '.cache']);

/** Builds the named parts where sources are newer than what stands; prints a line for each that is built. */
export async function build(names) {
  tool('typescript/package.json');
  const wanted = names.filter((name) => existsSync(at(parts[name].folder, 'package.json')));
  const finished = new Map();
  let free = parallel;
  const waiting = [];
  const acquire = () => (free > 0 ? Promise.resolve(free--) : new Promise((go) => waiting.push(go)));
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const one = async (name) => {
    await Promise.all(parts[name].after.map((before) => finished.get(before)));
    await acquire();
    try {
      await buildPart(parts[name]);
    } finally {
      release();
    }
  };
  for (const name of wanted) finished.set(name, one(name));
  const results = await Promise.allSettled(finished.values());
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function buildPart(part) {
  const mark = at(part.folder, 'dist', '.built-from');
  const sources = fingerprint(part);
  const current =
    existsSync(at(part.folder, part.output)) && existsSync(mark) && readFileSync(mark, 'utf8') === sources;
  if (current) return;
  await stage(`构建 ${part.name}`, async () => {
    rmSync(mark, { force: true });
    if (part.clean) rmSync(at(part.folder, part.clean), { recursive: true, force: true });
    const { code, output } = await npmRun('build', part.workspace, {
      quiet: true,
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', CI: '1' },
    });
    if (code !== 0)
      throw new PlainError(
        `构建 ${part.name}（${part.folder}）失败 / building ${part.folder} failed:\n${lastLines(output)}`,
      );
    if (!existsSync(at(part.folder, part.output))) throw new PlainError(`构建 ${part.name} 没有产生 ${part.output}`);
    writeFileSync(mark, sources);
  });
}

const shownLines = 40;

function lastLines(output) {
  return output.trim().split('\n').slice(-shownLines).join('\n');
}

/** Changes whenever a source file of the part, of shared, or the set of installed packages does. */
function fingerprint(part) {
  const hash = createHash('sha256');
  const folders = part.folder === 'shared' ? ['shared'] : ['shared', part.folder];
  for (const folder of folders) for (const file of sourcesOf(at(folder))) note(hash, file);
  for (const file of ['package-lock.json', 'tsconfig.base.json']) if (existsSync(at(file))) note(hash, at(file));
  return hash.digest('hex');
}

function note(hash, file) {
  const { size, mtimeMs } = statSync(file);
  hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
}

function sourcesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || /\.spec\.tsx?$/.test(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return notInputs.has(entry.name) ? [] : sourcesOf(path);
      return entry.isFile() ? [path] : [];
    });
}

/** Everything a full system needs. */
export const everything = ['shared', 'server', 'miniapp', 'console', 'sandbox'];
