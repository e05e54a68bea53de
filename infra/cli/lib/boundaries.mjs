import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { at, root } from './paths.mjs';

/** Which part of the repository a file belongs to; the order of the server's layers is kernel ← engine ← modules. */
const layers = [
  { name: 'kernel', folder: 'server/src/kernel/', mayUse: ['kernel', 'migrations'] },
  { name: 'migrations', folder: 'server/src/migrations/', mayUse: ['kernel', 'migrations', 'engine', 'modules'] },
  { name: 'engine', folder: 'server/src/engine/', mayUse: ['kernel', 'engine', 'migrations'] },
  { name: 'modules', folder: 'server/src/modules/', mayUse: ['kernel', 'engine', 'modules', 'migrations'] },
  { name: 'shared', folder: 'shared/src/', mayUse: ['shared'] },
  { name: 'console', folder: 'console/src/', mayUse: ['console'] },
  { name: 'miniapp', folder: 'miniapp/src/', mayUse: ['miniapp'] },
  { name: 'sandbox', folder: 'infra/sandbox/src/', mayUse: ['sandbox'] },
];

/** Texts that may not appear outside of a folder, and why. */
const forbidden = [
  {
    pattern: /@InjectRepository|@InjectDataSource|@InjectEntityManager/,
    within: 'server/src/',
    except: ['server/src/kernel/database/'],
    why: 'uses a connection without the tenant setting; take a Tx from withTenant',
  },
  {
    pattern: /\b[dD]ataSource\s*\.\s*(getRepository|query|manager|createQueryRunner)\b/,
    within: 'server/src/',
    except: ['server/src/kernel/database/'],
    why: 'uses a connection without the tenant setting; take a Tx from withTenant',
  },
  {
    pattern: /\bnew (pg\.)?(Pool|Client)\(\s*\{/,
    within: 'server/src/',
    except: ['server/src/kernel/'],
    why: 'opens a connection outside of the kernel',
  },
  {
    pattern: /(?<![.\w])fetch\(|from 'undici'|from 'node:https?'/,
    within: 'server/src/',
    // The operator's own file store: streamed, and never at an address that a tenant chose.
    except: ['server/src/kernel/outbound/', 'server/src/kernel/storage/'],
    // A parameter of that name is not the global.
    unless: /\bfetch\??:/,
    why: 'goes out without the guard; use OutboundHttp',
  },
  {
    pattern: /from '@lianke\/shared\/fields\/[^']*\/sheet'/,
    within: 'miniapp/src/',
    except: [],
    why: 'spreadsheet code does not belong in the mini-app',
  },
  { pattern: /(?<![.\w])eval\(|\bnew Function\(/, within: '', except: [], why: 'runs text as a program' },
];

const imports = /(?:from|import|import\()\s*'([^']+)'/g;
const importWords = /^\s*(import|export)\b|\bimport\(/;

/** Lines naming every import or call that crosses a boundary it may not; empty when all is well. */
export function boundaryProblems() {
  const folders = ['server/src', 'shared/src', 'console/src', 'miniapp/src', 'infra/sandbox/src'];
  return folders
    .flatMap((folder) => sources(at(folder)))
    .flatMap((file) => problemsIn(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')));
}

/** The same for one file, given its path from the root and its text. */
export function problemsIn(path, text) {
  const isTest = /\.spec\.tsx?$/.test(path);
  const problems = [];
  const lineOf = (index) => text.slice(0, index).split('\n').length;
  const own = layers.find(({ folder }) => path.startsWith(folder));
  for (const match of text.matchAll(imports)) {
    const line = text.slice(text.lastIndexOf('\n', match.index) + 1);
    if (!importWords.test(line) && !/^\s*\}\s*from/.test(line)) continue;
    const target = targetLayer(path, match[1]);
    if (own && target && !own.mayUse.includes(target.name) && !isTest) {
      problems.push(`${path}:${lineOf(match.index)} ${own.name} may not import ${target.name} (${match[1]})`);
    }
  }
  for (const { pattern, within, except, unless, why } of isTest ? [] : forbidden) {
    if (!path.startsWith(within) || except.some((folder) => path.startsWith(folder))) continue;
    const found = pattern.exec(text);
    if (found && !unless?.test(text)) problems.push(`${path}:${lineOf(found.index)} ${found[0].trim()} ${why}`);
  }
  return problems;
}

function targetLayer(path, specifier) {
  if (specifier.startsWith('@lianke/shared/')) return undefined;
  if (!specifier.startsWith('.')) return undefined;
  // A bundler's address of a data file is no code of another layer.
  if (specifier.endsWith('?url')) return undefined;
  const target = posix.normalize(posix.join(dirname(path).split(sep).join('/'), specifier));
  return layers.find(({ folder }) => target.startsWith(folder)) ?? { name: target.split('/')[0] };
}

function sources(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
