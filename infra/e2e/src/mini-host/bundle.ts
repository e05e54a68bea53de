import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../miniapp');
const sources = ['src', 'config', 'plugins', '../shared/src'].map((folder) => join(root, folder));

function newestBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.spec.'))
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

/** The folder of a compiled bundle; built first when it is missing or older than a source. */
export function bundle(target: 'weapp' | 'dd'): string {
  const folder = join(root, 'dist', target);
  const main = join(folder, 'app.json');
  if (existsSync(main) && statSync(main).mtimeMs > Math.max(...sources.map(newestBelow))) return folder;
  const built = spawnSync(
    process.execPath,
    [resolve(root, '../node_modules/@tarojs/cli/bin/taro'), 'build', '--type', target],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production', LIANKE_PUBLIC_URL: 'https://lianke.test' },
    },
  );
  if (built.status !== 0) throw new Error(`taro build --type ${target} failed:\n${built.stdout}\n${built.stderr}`);
  return folder;
}
