import { groupThousands } from '@lianke/shared/fields/number/numeral';
import type { SliderConfig } from '@lianke/shared/fields/slider/schema';
import { Slider, View } from '@tarojs/components';
import { Icon } from '../components/icon.js';
import { configOf } from '../data/record-types.js';
import { checkDecimal } from './decimal.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const { min = 0, max = 100, step = 1, unit = '' } = configOf<SliderConfig>(field);
  const empty = value === null || value === undefined || value === '';
  // Steps such as 0.1 come back with an error of floating point.
  const digits = (String(step).split('.')[1] ?? '').length;
  return (
    <View className="line">
      <View className="line__slider">
        <Slider
          min={min}
          max={max}
          step={step}
          value={empty ? min : Number(value)}
          activeColor="#2b7de9"
          blockSize={20}
          onChange={(event) => onChange(String(Number(event.detail.value.toFixed(digits))))}
        />
      </View>
      <View className="line__unit">{empty ? '—' : `${String(value)}${unit}`}</View>
      {empty ? null : (
        <View className="line__clear" onClick={() => onChange(null)}>
          <Icon name="close" small />
        </View>
      )}
    </View>
  );
}

export const sliderField: FieldRenderer = {
  Control,
  format(value, field) {
    const { unit } = configOf<SliderConfig>(field);
    return unit ? `${groupThousands(String(value))} ${unit}` : groupThousands(String(value));
  },
  check: (value, field) => {
    const { min = 0, max = 100 } = configOf<SliderConfig>(field);
    return checkDecimal(value, { min, max });
  },
};
