import { compactAmount } from '@lianke/shared/fields/money/compact';
import { currentLanguage, type Translate } from '../i18n/index.js';
import { fieldError } from './types.js';

const pattern = /^[+-]?\d{1,30}(\.\d{1,30})?$/;

/** A numeral with its point moved right by `places` (left when negative), by its digits; anything else as it is. */
export function shiftPoint(text: string, places: number): string {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return text;
  const digits = `${match[2]}${match[3] ?? ''}`;
  const point = (match[2] ?? '').length + places;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const whole = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const fraction = padded.slice(at).replace(/0+$/, '');
  return `${match[1] === '-' ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** Groups the digits of a decimal string by thousands and keeps its sign and fraction. */
export function grouped(decimal: string): string {
  const match = /^([+-]?)(\d+)(\.\d+)?$/.exec(decimal);
  if (!match) return decimal;
  return `${match[1] === '-' ? '-' : ''}${(match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`;
}

/** 元 as 万元 to the last cent, as on the console: a deal of 123,456.78 is not shown as one of 123,500. */
export function inWan(decimal: string): string {
  return grouped(shiftPoint(decimal, -4));
}

/** Whether amounts of a form that wants 万 stand in it: readers of other languages read them in full. */
export const inTenThousands = (wan: boolean): boolean => wan && currentLanguage() === 'zh';

/** A field's amount of yuan in the reader's way: 「58 万元」 where the form wants 万, others read 「580,000 CNY」. */
export function moneyText(decimal: string, t: Translate, wan: boolean): string {
  const short = inTenThousands(wan);
  const value = short ? inWan(decimal) : grouped(decimal);
  return t('money.amount', { value, unit: t(short ? 'money.wan' : 'money.yuan') });
}

/** A figure in yuan, as short as charts on the console have it: 36 万元, 360K CNY. */
export function figureParts(decimal: string, t: Translate): { value: string; unit: string } {
  const { number, unit } = compactAmount(Number(decimal), currentLanguage());
  return { value: number, unit: t(`money.${unit}`) };
}

/** Why a typed number will be refused. */
export function checkDecimal(value: unknown, limits: { min?: number; max?: number }): string | null {
  const text = String(value).trim();
  if (!pattern.test(text)) return fieldError('bad_number');
  const number = Number(text);
  if (limits.min !== undefined && number < limits.min) return fieldError('too_small', { min: limits.min });
  if (limits.max !== undefined && number > limits.max) return fieldError('too_big', { max: limits.max });
  return null;
}
