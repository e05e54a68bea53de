import { View } from '@tarojs/components';
import { useState } from 'react';
import { toCustomerText } from '../data/distance.js';
import type { Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { currentPlace, type Place } from '../platform/location.js';
import { PickLine } from './pick-line.js';
import type { ControlProps, FieldRenderer } from './types.js';

export interface NamedPlace extends Place {
  name?: string;
  address?: string;
}

export function placeOf(value: Json | undefined): NamedPlace | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { lat, lng, name, address } = value;
  if (typeof lat !== 'number' || typeof lng !== 'number') return undefined;
  return {
    lat,
    lng,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof address === 'string' ? { address } : {}),
  };
}

/** Of a visit: how far from the customer's address it was. */
export function distanceOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return typeof value.distance === 'number' ? value.distance : undefined;
}

export function placeText(place: NamedPlace): string {
  return place.name || place.address || `${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`;
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
