import type { MoneyConfig } from '@lianke/shared/fields/money/schema';
import { configOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { checkDecimal, grouped, inTenThousands, moneyText } from './decimal.js';
import { LineInput } from './line-input.js';
import { ShiftedInput } from './shifted-input.js';
import type { ControlProps, FieldRenderer } from './types.js';

/** Typed in the unit it is shown in, as on the console. */
function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const { currency = 'CNY', display } = configOf<MoneyConfig>(field);
  if (currency === 'CNY' && inTenThousands(display === 'wan'))
    return <ShiftedInput value={value} places={-4} unit={t('money.wan')} onChange={onChange} />;
  const unit = currency === 'CNY' ? t('money.yuan') : currency;
  return <LineInput value={value} keyboard="digit" unit={unit} onChange={onChange} />;
}

export const moneyField: FieldRenderer = {
  Control,
  format(value, field, { t }) {
    const { currency = 'CNY', display } = configOf<MoneyConfig>(field);
    if (currency !== 'CNY') return `${grouped(String(value))} ${currency}`;
    return moneyText(String(value), t, display === 'wan');
  },
  check: (value, field) => checkDecimal(value, configOf<MoneyConfig>(field)),
};
