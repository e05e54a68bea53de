import { compactAmount } from '@lianke/shared/fields/money/compact';
import { currentLanguage, type Translate } from '../i18n/index.js';
import { fieldError } from './types.js';

const pattern = /^[+-]?\d{1,30}(\.\d{1,30})?$/;

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
