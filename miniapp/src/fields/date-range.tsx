import type { DateRangeConfig } from '@lianke/shared/fields/date-range/schema';
import { parseDateRange, periodOf } from '@lianke/shared/fields/date-range/value';
import { Picker, View } from '@tarojs/components';
import { configOf } from '../data/record-types.js';
import { wallClock } from '../data/time.js';
import { useT } from '../i18n/index.js';
import { zone } from '../session/session.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

/** The day chosen first stands for both ends; a beginning after the end moves the end along. */
function Control({ value, onChange }: ControlProps) {
  const t = useT();
  const period = periodOf(value);
  const today = wallClock(zone(), Date.now()).date;
  const put = (start: string, end: string) => onChange(`${start}/${end}`);
  return (
    <View className="pair">
      <Picker
        className="pair__part"
        mode="date"
        value={period?.start ?? today}
        start="1970-01-01"
        end="2099-12-31"
        onChange={(event) => {
          const start = String(event.detail.value);
          put(start, period && period.end > start ? period.end : start);
        }}
      >
        <PickLine text={period?.start ?? ''} placeholder={t('field.pickStart')} onClear={() => onChange(null)} />
      </Picker>
      <Picker
        className="pair__part"
        mode="date"
        value={period?.end ?? today}
        start={period?.start ?? '1970-01-01'}
        end="2099-12-31"
        onChange={(event) => {
          const end = String(event.detail.value);
          put(period && period.start < end ? period.start : end, end);
        }}
      >
        <PickLine text={period?.end ?? ''} placeholder={t('field.pickEnd')} />
      </Picker>
    </View>
  );
}

export const dateRangeField: FieldRenderer = {
  Control,
  format: (value) => String(value).replace('/', ' ~ '),
  check: (value, field) => refusal(parseDateRange(value, configOf<DateRangeConfig>(field))),
};
