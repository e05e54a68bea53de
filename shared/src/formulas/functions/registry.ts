import { dateFunctions } from './date.js';
import type { FunctionDef } from './define.js';
import { listFunctions } from './list.js';
import { logicFunctions } from './logic.js';
import { numberFunctions } from './number.js';
import { textFunctions } from './text.js';

/** Every function, by category. */
export const functions: readonly FunctionDef[] = [
  ...logicFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...textFunctions,
  ...dateFunctions,
];

const byName = new Map(functions.map((item) => [item.name, item]));

/** A function by its canonical English name. */
export function functionOf(name: string): FunctionDef | undefined {
  return byName.get(name);
}
