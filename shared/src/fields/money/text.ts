import { groupThousands, roundNumeral, shiftPoint } from '../number/numeral.js';

/** What of a money field's config decides how its amounts read. */
export interface MoneyShape {
  display?: 'yuan' | 'wan' | undefined;
  currency?: string | undefined;
  decimals?: number | undefined;
}

/** By how many places a field's amounts are moved to be read and typed: 万 is a Chinese reader's step, others read in full. */
export function moneyPlaces({ display }: MoneyShape, language: 'zh' | 'en'): 0 | 4 {
  return display === 'wan' && language === 'zh' ? 4 : 0;
}

/** What a field's amounts are counted in: 「元」, 「万元」, 「USD」, 「万 USD」; others read the currency's code. */
export function moneyUnit(shape: MoneyShape, language: 'zh' | 'en'): string {
  const { currency = 'CNY' } = shape;
  if (language === 'en') return currency;
  const wan = moneyPlaces(shape, language) > 0;
  if (currency === 'CNY') return wan ? '万元' : '元';
  return wan ? `万 ${currency}` : currency;
}

/**
 * The number of an amount, the same on the console, the phone, cards and paper: to the field's precision and no
 * shorter, so that no rounding hides money. 12.345678 of 万元 for 123,456.78; 580,000.50 and 580,000 in full.
 * @param amount a numeral in the currency's main unit, as stored; anything else (stars of a masked one) as it is
 */
export function moneyNumber(amount: string, shape: MoneyShape, language: 'zh' | 'en'): string {
  const { decimals = 2 } = shape;
  const rounded = roundNumeral(amount, decimals);
  const places = moneyPlaces(shape, language);
  if (places > 0) return groupThousands(shiftPoint(rounded, -places));
  return groupThousands(/^[+-]?\d+\.0+$/.test(rounded) ? rounded.slice(0, rounded.indexOf('.')) : rounded);
}

/** An amount with what it is counted in: 「58 万元」, 「580,000.50 元」, `580,000 CNY`. */
export function moneyText(amount: string, shape: MoneyShape, language: 'zh' | 'en'): string {
  return `${moneyNumber(amount, shape, language)} ${moneyUnit(shape, language)}`;
}
