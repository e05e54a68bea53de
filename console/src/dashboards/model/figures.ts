import { type CompactAmount, compactAmount } from '@lianke/shared/fields/money/compact';
import type { AggregateFn } from '@lianke/shared/fields/types';
import type { FieldLike } from '../../fields/renderer.js';
import { currentLanguage } from '../../i18n/index.js';
import { formatNumber } from '../../shared/format.js';

/** How a measure's numbers read. `t` finds units: 元, 万元, 亿元. */
export interface FigureStyle {
  money: boolean;
  decimals: number;
}

/** The style of a measure: counts are whole, money in the unit that keeps it short, other fields as configured. */
export function styleOf(fn: AggregateFn, field: FieldLike | undefined): FigureStyle {
  if (fn === 'count' || fn === 'countDistinct' || !field) return { money: false, decimals: 0 };
  const decimals = typeof field.config.decimals === 'number' ? field.config.decimals : 2;
  return { money: field.type === 'money', decimals };
}

/** A number and the key of its unit. */
export interface Figure {
  number: string;
  unit: '' | CompactAmount['unit'];
}

/** A number as it stands on screen: 3,979; 58 万元; 1.25 亿元; in English 580K CNY. */
export function figureOf(value: number, style: FigureStyle): Figure {
  if (style.money) return compactAmount(value, currentLanguage());
  return { number: trim(formatNumber(plain(value), style.decimals)), unit: '' };
}

/** A decimal without exponent, which the formatter could not read. */
const plain = (value: number): string => (Number.isFinite(value) ? value.toFixed(6) : '0');

const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** An aggregate's answer as a number: decimals come as strings, nothing as null. */
export function toNumber(value: string | number | null | undefined): number {
  const number = typeof value === 'string' ? Number(value) : (value ?? 0);
  return Number.isFinite(number) ? number : 0;
}
