import type { TimeConfig } from '@lianke/shared/fields/time/schema';
import { parseTime } from '@lianke/shared/fields/time/value';
import { Picker } from '@tarojs/components';
import { configOf } from '../data/record-types.js';
import { wallClock } from '../data/time.js';
import { useT } from '../i18n/index.js';
import { zone } from '../session/session.js';
import { LineInput } from './line-input.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

/** The phone's own wheel knows minutes only: seconds are typed. */
function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const text = typeof value === 'string' ? value : '';
  if (configOf<TimeConfig>(field).precision === 'second')
    return <LineInput value={text} placeholder="09:30:00" maxLength={8} onChange={onChange} />;
  return (
    <Picker
      mode="time"
      value={text || wallClock(zone(), Date.now()).time}
      onChange={(event) => onChange(String(event.detail.value))}
    >
      <PickLine text={text} placeholder={t('field.pickTime')} onClear={() => onChange(null)} />
    </Picker>
  );
}

export const timeField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value, field) => refusal(parseTime(value, { precision: configOf<TimeConfig>(field).precision ?? 'minute' })),
};
