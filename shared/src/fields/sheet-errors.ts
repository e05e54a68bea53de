import type { SheetCell } from './sheet-types.js';

const errors =
  /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA)$/i;

/**
 * Whether a cell shows what a spreadsheet puts in the place of a formula's result that it could not have (ECMA-376
 * part 1, 18.17.3, and those that Excel added since). Nobody means such a text.
 */
export function isFormulaError(cell: SheetCell): boolean {
  return typeof cell === 'string' && cell.startsWith('#') && errors.test(cell.trim());
}
