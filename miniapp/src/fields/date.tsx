import { parseDate } from '@lianke/shared/fields/date/value';
import { Picker } from '@tarojs/components';
import { wallClock } from '../data/time.js';
import { useT } from '../i18n/index.js';
import { zone } from '../session/session.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ value, onChange }: ControlProps) {
  const t = useT();
  const text = typeof value === 'string' ? value : '';
  return (
    <Picker
      mode="date"
      value={text || wallClock(zone(), Date.now()).date}
      start="1970-01-01"
      end="2099-12-31"
      onChange={(event) => onChange(String(event.detail.value))}
    >
      <PickLine text={text} placeholder={t('field.pickDate')} onClear={() => onChange(null)} />
    </Picker>
  );
}

export const dateField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value) => refusal(parseDate(value)),
};
