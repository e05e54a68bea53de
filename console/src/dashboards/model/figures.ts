import type { AggregateFn } from '@lianke/shared/fields/types';
import type { FieldLike } from '../../fields/renderer.js';
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

export interface Figure {
  number: string;
  /** Key of the unit: '' | yuan | wan | yi. */
  unit: '' | 'yuan' | 'wan' | 'yi';
}

const wan = 10_000;
const yi = 100_000_000;

/** A number as it stands on screen: 3,979; 58 万元; 1.25 亿元. Money steps to 万元 from 10,000 and 亿元 from 100,000,000. */
export function figureOf(value: number, style: FigureStyle): Figure {
  if (!style.money) return { number: trim(formatNumber(plain(value), style.decimals)), unit: '' };
  const size = Math.abs(value);
  if (size >= yi) return { number: trim(formatNumber(plain(value / yi), 2)), unit: 'yi' };
  if (size >= wan) return { number: trim(formatNumber(plain(value / wan), 2)), unit: 'wan' };
  return { number: trim(formatNumber(plain(value), 2)), unit: 'yuan' };
}

/** A decimal without exponent, which the formatter could not read. */
const plain = (value: number): string => (Number.isFinite(value) ? value.toFixed(6) : '0');

const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** An aggregate's answer as a number: decimals come as strings, nothing as null. */
export function toNumber(value: string | number | null | undefined): number {
  const number = typeof value === 'string' ? Number(value) : (value ?? 0);
  return Number.isFinite(number) ? number : 0;
}
