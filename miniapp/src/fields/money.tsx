import type { MoneyConfig } from '@lianke/shared/fields/money/schema';
import { moneyText } from '@lianke/shared/fields/money/text';
import { configOf } from '../data/record-types.js';
import { currentLanguage } from '../i18n/index.js';
import { checkDecimal } from './decimal.js';
import { LineInput } from './line-input.js';
import { ShiftedInput } from './shifted-input.js';
import { shownUnit } from './shown-unit.js';
import type { ControlProps, FieldRenderer } from './types.js';

/** Typed in the unit it is shown in, as on the console. */
function Control({ field, value, onChange }: ControlProps) {
  const { unit, places } = shownUnit(field);
  if (places !== 0) return <ShiftedInput value={value} places={places} unit={unit} onChange={onChange} />;
  return <LineInput value={value} keyboard="digit" unit={unit} onChange={onChange} />;
}

export const moneyField: FieldRenderer = {
  Control,
  format: (value, field) => moneyText(String(value), configOf<MoneyConfig>(field), currentLanguage()),
  check: (value, field) => checkDecimal(value, configOf<MoneyConfig>(field)),
};
