import { describe, expect, it } from 'vitest';
import { contracts } from '../api/contracts.js';
import { appPackage } from '../apps/package.js';
import { fieldTypes } from '../fields/registry.js';
import { flowDefinition } from '../flows/definition.js';
import { formatTexts } from './issue-names.js';
import { shapeTexts } from './shape-texts.js';

interface Def {
  type?: string;
  check?: string;
  format?: string;
  pattern?: RegExp;
  error?: (issue: object) => unknown;
  checks?: { _zod: { def: Def } }[];
  [key: string]: unknown;
}

/** Every schema and check that a schema is made of. */
function* partsOf(schema: unknown, met: Set<unknown>): Generator<Def> {
  if (typeof schema !== 'object' || schema === null || met.has(schema)) return;
  met.add(schema);
  const def = (schema as { _zod?: { def: Def } })._zod?.def;
  if (!def) {
    for (const item of Object.values(schema)) yield* partsOf(item, met);
    return;
  }
  yield def;
  for (const check of def.checks ?? []) yield check._zod.def;
  for (const key of [
    'shape',
    'catchall',
    'element',
    'options',
    'keyType',
    'valueType',
    'innerType',
    'in',
    'out',
    'left',
    'right',
    'items',
    'rest',
  ])
    yield* partsOf(def[key], met);
  if (def.type === 'lazy') yield* partsOf((def.getter as () => unknown)(), met);
}

describe('every schema of requests and definitions', () => {
  const met = new Set<unknown>();
  const inputs = Object.values(contracts).map(
    ({ params, query, body }: { params?: unknown; query?: unknown; body?: unknown }) => [params, query, body],
  );
  const definitions = [Object.values(fieldTypes).map((type) => type.config), flowDefinition, appPackage];
  const parts = [...partsOf([inputs, definitions], met)];

  it('has words for each of its patterns and own rules', () => {
    const checks = parts.filter((part) => part.format === 'regex' || part.check === 'custom' || part.type === 'custom');
    expect(checks.length).toBeGreaterThan(30);
    // What is added by hand carries its message itself.
    const wordless = checks.filter((part) => part.error === undefined && part.format === 'regex');
    expect(wordless.map((part) => String(part.pattern))).toEqual([]);
    const said = checks.flatMap((part) => (part.error ? [String(part.error({}))] : []));
    expect(said.filter((message) => !(message in shapeTexts))).toEqual([]);
  });

  it('asks for no format that has no words', () => {
    const formats = parts.flatMap((part) =>
      part.check === 'string_format' && part.format !== 'regex' ? [String(part.format)] : [],
    );
    expect(new Set(formats).size).toBeGreaterThan(2);
    const own = ['starts_with', 'ends_with', 'includes'];
    expect(formats.filter((format) => !(format in formatTexts) && !own.includes(format))).toEqual([]);
  });

  it('has Chinese and English for every rule', () => {
    for (const [key, { zh, en }] of Object.entries(shapeTexts)) {
      expect([key, /[\u4e00-\u9fff]/.test(zh), /[\u4e00-\u9fff]/.test(en)]).toEqual([key, true, false]);
      expect(en.length).toBeGreaterThan(10);
    }
  });
});
