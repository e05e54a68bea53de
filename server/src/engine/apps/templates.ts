import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AppPackage, appPackage } from '@lianke/shared/apps/package';

/** Built-in templates live beside the program, as the same JSON that anybody may install. */
const folder = fileURLToPath(new URL('../../../assets/templates/', import.meta.url));

let cached: Map<string, AppPackage> | undefined;

/** Built-in templates by key, read once. */
export function builtInTemplates(): ReadonlyMap<string, AppPackage> {
  cached ??= new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => appPackage.parse(JSON.parse(readFileSync(`${folder}${name}`, 'utf8'))))
      .map((pack) => [pack.key, pack]),
  );
  return cached;
}
