import { encryptedType } from '@lianke/shared/fields/encrypted';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { ok } from '@lianke/shared/fields/types';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FieldWorld } from './support/field-walk/field-world.js';
import { type Case, cases } from './support/field-walk/samples.js';
import { begin, steps } from './support/field-walk/steps.js';

/** Puts something in the place of what a descriptor says; answers how to take it back. */
function swap<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key],
): () => void {
  const before = target[key];
  target[key] = value;
  return () => {
    target[key] = before;
  };
}

interface Mutant {
  /** What is wrong with the descriptor. */
  name: string;
  /** The field that is walked with it. */
  key: string;
  make(): () => void;
  /** A step of the walk that has to fail. */
  caughtBy: keyof typeof steps;
}

const says = 'says of itself what is promised of it, and stands in a column of its kind';
const reads = 'is read as it was written, references with their names';
const refuses = 'is refused with a code of its own';
const filters = 'is filtered by each operator in SQL as in memory';
const sorts = 'sorts, groups and aggregates where it says so, and refuses it elsewhere';
const remembers = 'keeps its history, and a batch that changed it can be taken back';
const cells = 'comes from a cell and goes into one';
const { text, number, money, date, datetime, select, multiSelect, email, relation, location } = fieldTypes;

const rounded = (place: { lat: number }) => ok({ ...place, lat: Math.round(place.lat) });

const mutants: Mutant[] = [
  { name: 'numbers in a column of texts', key: 'number1', make: () => swap(number, 'storage', 'text'), caughtBy: says },
  {
    name: 'days in a column of instants',
    key: 'date1',
    make: () => swap(date, 'storage', 'timestamptz'),
    caughtBy: says,
  },
  {
    name: 'an operator is missing',
    key: 'text1',
    make: () =>
      swap(
        text,
        'operators',
        text.operators.filter((op) => op !== 'contains'),
      ),
    caughtBy: filters,
  },
  {
    name: 'an operator too many',
    key: 'select1',
    make: () => swap(select, 'operators', [...select.operators, 'contains']),
    caughtBy: says,
  },
  {
    name: 'an encrypted text may be searched in part',
    key: 'textSealed',
    make: () => swap(encryptedType('text'), 'operators', ['eq', 'ne', 'in', 'nin', 'contains', 'empty', 'notEmpty']),
    caughtBy: says,
  },
  { name: 'it does not sort', key: 'number1', make: () => swap(number, 'sortable', false), caughtBy: sorts },
  { name: 'it groups what it should not', key: 'money1', make: () => swap(money, 'groupable', true), caughtBy: sorts },
  {
    name: 'a sum is missing',
    key: 'number1',
    make: () => swap(number, 'aggregates', ['count', 'avg']),
    caughtBy: sorts,
  },
  {
    name: 'the parser drops the value',
    key: 'money1',
    make: () => swap(money, 'parse', () => ok(null)),
    caughtBy: reads,
  },
  {
    name: 'the parser keeps only the first of several',
    key: 'multiSelect1',
    make: () => {
      const { parse } = multiSelect;
      return swap(multiSelect, 'parse', (raw, config) => {
        const parsed = parse(raw, config);
        return parsed.ok && parsed.value ? ok((parsed.value as Json[]).slice(0, 1)) : parsed;
      });
    },
    caughtBy: reads,
  },
  {
    name: 'the parser loses the minutes',
    key: 'datetime1',
    make: () => {
      const { parse } = datetime;
      return swap(datetime, 'parse', (raw, config) => {
        const parsed = parse(raw, config);
        return parsed.ok && parsed.value ? ok(String(parsed.value).replace(/T(\d\d):\d\d/, 'T$1:00')) : parsed;
      });
    },
    caughtBy: remembers,
  },
  {
    name: 'the parser takes anything',
    key: 'email1',
    make: () => swap(email, 'parse', (raw) => ok(raw === null ? null : String(raw))),
    caughtBy: refuses,
  },
  {
    name: 'the parser rounds a place',
    key: 'location1',
    make: () => {
      const { parse } = location;
      return swap(location, 'parse', (raw, config) => {
        const parsed = parse(raw, config);
        return parsed.ok && parsed.value ? rounded(parsed.value as { lat: number }) : parsed;
      });
    },
    caughtBy: reads,
  },
  { name: 'ids that name nothing', key: 'relation1', make: () => swap(relation, 'refers', undefined), caughtBy: reads },
  {
    name: 'the formatter loses digits',
    key: 'number1',
    make: () => swap(sheetFormats.number, 'write', (value) => Math.round(Number(value))),
    caughtBy: cells,
  },
  {
    name: 'the reader of cells drops the value',
    key: 'date1',
    make: () => swap(sheetFormats.date, 'reader', () => () => ({ value: null })),
    caughtBy: cells,
  },
  {
    name: 'the formatter writes nothing',
    key: 'address1',
    make: () => swap(sheetFormats.address, 'write', () => null),
    caughtBy: cells,
  },
];

describe('the walk catches a descriptor that is wrong', () => {
  let world: FieldWorld;
  beforeAll(async () => {
    world = await FieldWorld.open();
  });
  afterAll(() => world.close());

  /** The steps that fail for a field of this key on a form of its own. */
  async function failing(name: string, key: string): Promise<string[]> {
    const item = cases.find((other) => other.key === key) as Case;
    const form = await world.form(name, [item]);
    const walked = await begin(world, form, item);
    const failed: string[] = [];
    for (const [step, walk] of Object.entries(steps))
      await walk(walked).catch(() => {
        failed.push(step);
      });
    return failed;
  }

  it('and lets those stand that are right', async () => {
    for (const key of new Set(mutants.map((mutant) => mutant.key)))
      expect([key, await failing(`对照 ${key}`, key)]).toEqual([key, []]);
  });

  it.each(mutants)('$name', async ({ name, key, make, caughtBy }) => {
    const back = make();
    try {
      expect(await failing(name, key)).toContain(caughtBy);
    } finally {
      back();
    }
  });
});
