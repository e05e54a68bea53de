import { Picker, View } from '@tarojs/components';
import { wallClock } from '../data/time.js';
import { PickLine } from '../fields/pick-line.js';
import { useT } from '../i18n/index.js';
import { zone } from '../session/session.js';
import '../fields/fields.scss';

/** Days from one to another, both included; an end that is left out is open. */
export interface Days {
  from?: string | undefined;
  to?: string | undefined;
}

/** Two days to pick, each of which can be left open. */
export function DayRange({ days, onChange }: { days: Days; onChange(days: Days): void }) {
  const t = useT();
  const end = (side: 'from' | 'to') => (
    <Picker
      className="pair__part"
      mode="date"
      value={days[side] ?? days.from ?? days.to ?? wallClock(zone(), Date.now()).date}
      start={(side === 'to' && days.from) || '1970-01-01'}
      end={(side === 'from' && days.to) || '2099-12-31'}
      onChange={(event) => onChange({ ...days, [side]: String(event.detail.value) })}
    >
      <PickLine
        text={days[side] ?? ''}
        placeholder={t(side === 'from' ? 'field.pickStart' : 'field.pickEnd')}
        onClear={() => onChange({ ...days, [side]: undefined })}
      />
    </Picker>
  );
  return (
    <View className="pair">
      {end('from')}
      {end('to')}
    </View>
  );
}
