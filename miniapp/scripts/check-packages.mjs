/**
 * Checks the compiled mini-programs: the main package stays below 1 MB and every subpackage below the hosts' 2 MB, and
 * the DingTalk build names no `my` of the outside, the global of another host. `node scripts/check-packages.mjs [weapp] [dd]`
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const mb = 1024 * 1024;
const mainLimit = mb;
const subLimit = 2 * mb;

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** Bytes of the main package (`''`) and of each subpackage, by its root. */
export function packageSizes(folder) {
  const { subPackages = [] } = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8'));
  const sizes = new Map([['', 0], ...subPackages.map(({ root: name }) => [name, 0])]);
  for (const file of filesBelow(folder)) {
    const path = relative(folder, file).replaceAll('\\', '/');
    // Licence texts are not uploaded.
    if (path.endsWith('.LICENSE.txt') || path.endsWith('.map')) continue;
    const owner = [...sizes.keys()].find((name) => name !== '' && path.startsWith(`${name}/`)) ?? '';
    sizes.set(owner, sizes.get(owner) + statSync(file).size);
  }
  return sizes;
}

/** True when `source` reads a variable of this name that it does not declare itself. */
export function readsGlobal(source, name) {
  if (!new RegExp(`\\b${name}\\b`).test(source)) return false;
  const tree = ts.createSourceFile('bundle.js', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const declares = (scope) => {
    let found = false;
    const look = (node) => {
      const declared =
        (ts.isVariableDeclaration(node) ||
          ts.isParameter(node) ||
          ts.isFunctionDeclaration(node) ||
          ts.isBindingElement(node) ||
          ts.isFunctionExpression(node)) &&
        node.name &&
        ts.isIdentifier(node.name) &&
        node.name.text === name;
      if (declared) found = true;
      if (!found && (node === scope || !ts.isFunctionLike(node))) ts.forEachChild(node, look);
      else if (!found && ts.isFunctionDeclaration(node) && node.name?.text === name) found = true;
    };
    look(scope);
    return found;
  };
  let free = false;
  const visit = (node) => {
    if (free) return;
    if (ts.isIdentifier(node) && node.text === name && isRead(node)) {
      let scope = node.parent;
      while (scope && !((ts.isFunctionLike(scope) || ts.isSourceFile(scope)) && declares(scope))) scope = scope.parent;
      free = !scope;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return free;
}

function isRead(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !ts.isLabeledStatement(parent) && !ts.isMethodDeclaration(parent);
}

/** What is wrong with a compiled mini-program, one sentence each. */
export function faultsOf(target, folder) {
  if (!existsSync(join(folder, 'app.json'))) return [`${target}: not built; run npm run build:${target} -w miniapp`];
  const faults = [];
  for (const [name, size] of packageSizes(folder)) {
    const limit = name === '' ? mainLimit : subLimit;
    const label = `${target} ${name === '' ? 'main package' : `subpackage ${name}`}`;
    console.log(`${label}: ${Math.round(size / 1024)} KB of ${limit / 1024} KB`);
    if (size >= limit) faults.push(`${label} is ${Math.round(size / 1024)} KB, the limit is ${limit / 1024} KB`);
  }
  const foreign = target === 'dd' ? ['my', 'wx'] : ['my', 'dd'];
  for (const file of filesBelow(folder)) {
    if (!file.endsWith('.js')) continue;
    const source = readFileSync(file, 'utf8');
    for (const name of foreign.filter((each) => readsGlobal(source, each))) {
      faults.push(`${target}: ${relative(folder, file)} reads the global "${name}" of another host`);
    }
  }
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  const faults = (named.length > 0 ? named : ['weapp', 'dd']).flatMap((target) =>
    faultsOf(target, join(root, 'dist', target)),
  );
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
