import type { MoneyConfig } from '@lianke/shared/fields/money/schema';
import { moneyPlaces, moneyUnit } from '@lianke/shared/fields/money/text';
import { configOf, type ReadField } from '../data/record-types.js';
import { currentLanguage } from '../i18n/index.js';

/** In what a field's numbers are shown and typed. */
export interface ShownUnit {
  unit: string;
  /** How far right of the stored point the shown one stands. */
  places: number;
}

export function shownUnit(field: ReadField): ShownUnit {
  if (field.type === 'percent') return { unit: '%', places: 2 };
  if (field.type !== 'money') return { unit: configOf<{ unit?: string }>(field).unit ?? '', places: 0 };
  const config = configOf<MoneyConfig>(field);
  const places = moneyPlaces(config, currentLanguage());
  return { unit: moneyUnit(config, currentLanguage()), places: places === 0 ? 0 : -places };
}
