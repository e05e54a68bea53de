import { expect, it } from 'vitest';
import { fieldTypeNames, fieldTypes } from '../fields/registry.js';
import { filterKindOf } from './filter-kinds.js';

it.each(fieldTypeNames)('%s compares as its type says', (type) => {
  const { storage, compares } = filterKindOf(type);
  expect([storage, compares]).toEqual([fieldTypes[type].storage, fieldTypes[type].compares]);
});
