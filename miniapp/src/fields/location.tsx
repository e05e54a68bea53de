import { View } from '@tarojs/components';
import { useState } from 'react';
import { toCustomerText } from '../data/distance.js';
import type { Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { currentPlace } from '../platform/location.js';
import { PickLine } from './pick-line.js';
import { placeOf, placeText } from './plain-values.js';
import type { ControlProps, FieldRenderer } from './types.js';

/** Of a visit: how far from the customer's address it was. */
export function distanceOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return typeof value.distance === 'number' ? value.distance : undefined;
}

function Control({ value, onChange }: ControlProps) {
  const t = useT();
  const [state, setState] = useState<'idle' | 'busy' | 'refused'>('idle');
  const place = placeOf(value);
  const locate = async () => {
    setState('busy');
    const found = await currentPlace();
    setState(found ? 'idle' : 'refused');
    if (found) onChange({ ...found });
  };
  return (
    <View>
      <PickLine
        text={place ? placeText(place) : ''}
        placeholder={state === 'busy' ? t('place.locating') : t('place.useMine')}
        onTap={() => void locate()}
        onClear={() => onChange(null)}
      />
      {state === 'refused' ? <View className="field-error">{t('place.off')}</View> : null}
    </View>
  );
}

export const locationField: FieldRenderer = {
  Control,
  format(value, _, { t }) {
    const place = placeOf(value);
    if (!place) return '';
    const metres = distanceOf(value);
    return metres === undefined ? placeText(place) : `${placeText(place)} · ${toCustomerText(t, metres)}`;
  },
};
