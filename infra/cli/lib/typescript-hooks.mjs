import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { swcOptions } from './typescript-options.mjs';

const sharedSource = new URL('../../../shared/src/', import.meta.url);

/** Resolves `@lianke/shared/x` to its source, and `./x.js` to `./x.ts` where only the source exists. */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith('@lianke/shared/')) {
    return next(new URL(`${specifier.slice('@lianke/shared/'.length)}.ts`, sharedSource).href, context);
  }
  const fromSource = context.parentURL?.endsWith('.ts') || context.parentURL?.endsWith('.tsx');
  if (fromSource && specifier.startsWith('.') && specifier.endsWith('.js')) {
    try {
      return await next(specifier.replace(/\.js$/, '.ts'), context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !/\.tsx?$/.test(new URL(url).pathname)) return next(url, context);
  const file = fileURLToPath(url);
  const { code } = await transform(await readFile(file, 'utf8'), swcOptions(file));
  return { format: 'module', source: code, shortCircuit: true };
}
