import type { DatetimeConfig } from '@lianke/shared/fields/datetime/schema';
import { parseDatetime } from '@lianke/shared/fields/datetime/value';
import { Picker, View } from '@tarojs/components';
import { configOf } from '../data/record-types.js';
import { instantOf, wallClock } from '../data/time.js';
import { useT } from '../i18n/index.js';
import { zone } from '../session/session.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const known = typeof value === 'string' ? wallClock(zone(), Date.parse(value)) : null;
  const now = wallClock(zone(), Date.now());
  const byDay = configOf<DatetimeConfig>(field).precision === 'day';
  const put = (date: string, time: string) => onChange(instantOf(zone(), date, time));
  const startTime = byDay ? '00:00' : now.time;
  return (
    <View className="pair">
      <Picker
        className="pair__part"
        mode="date"
        value={known?.date ?? now.date}
        start="1970-01-01"
        end="2099-12-31"
        onChange={(event) => put(String(event.detail.value), known?.time ?? startTime)}
      >
        <PickLine text={known?.date ?? ''} placeholder={t('field.pickDate')} onClear={() => onChange(null)} />
      </Picker>
      {known && !byDay ? (
        <Picker
          className="pair__part"
          mode="time"
          value={known.time}
          onChange={(event) => put(known.date, String(event.detail.value))}
        >
          <PickLine text={known.time} placeholder="" />
        </Picker>
      ) : null}
    </View>
  );
}

export const datetimeField: FieldRenderer = {
  Control,
  format(value, field, { zone: tenantZone }) {
    const at = Date.parse(String(value));
    if (Number.isNaN(at)) return String(value);
    const wall = wallClock(tenantZone, at);
    return configOf<DatetimeConfig>(field).precision === 'day' ? wall.date : `${wall.date} ${wall.time}`;
  },
  check: (value) => refusal(parseDatetime(value)),
};
