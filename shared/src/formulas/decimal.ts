import { Decimal } from 'decimal.js';

/** Decimals of formulas: 40 significant digits, half up; what grows past 10^1000 is infinite and refused by `numberOf`. */
export const Dec = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP, maxE: 1000, minE: -1000 });
export type Dec = Decimal;

/** Largest magnitude a result may have: 30 digits before the point, as number fields hold. */
export const largest = new Dec('1e30');
