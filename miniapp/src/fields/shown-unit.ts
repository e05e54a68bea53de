import type { MoneyConfig } from '@lianke/shared/fields/money/schema';
import { configOf, type ReadField } from '../data/record-types.js';
import type { Translate } from '../i18n/index.js';
import { inTenThousands } from './decimal.js';

/** In what a field's numbers are shown and typed. */
export interface ShownUnit {
  unit: string;
  /** How far right of the stored point the shown one stands. */
  places: number;
}

export function shownUnit(field: ReadField, t: Translate): ShownUnit {
  if (field.type === 'percent') return { unit: '%', places: 2 };
  if (field.type !== 'money') return { unit: configOf<{ unit?: string }>(field).unit ?? '', places: 0 };
  const { currency = 'CNY', display } = configOf<MoneyConfig>(field);
  if (currency !== 'CNY') return { unit: currency, places: 0 };
  return inTenThousands(display === 'wan')
    ? { unit: t('money.wan'), places: -4 }
    : { unit: t('money.yuan'), places: 0 };
}
