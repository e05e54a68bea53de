import type { AddressValue } from '@lianke/shared/fields/address/schema';
import type { SelectConfig, SelectOption } from '@lianke/shared/fields/select/schema';
import { configOf, type Json, type ReadField } from '../data/record-types.js';
import type { Place } from '../platform/location.js';

// What values are, without the controls that change them: pages that only show need no more.

export function addressOf(value: Json | undefined): AddressValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AddressValue) : {};
}

export function addressLine(value: Json | undefined): string {
  const address = addressOf(value);
  return [address.province, address.city, address.district, address.detail].filter(Boolean).join('');
}

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

export function placeText(place: NamedPlace): string {
  return place.name || place.address || `${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`;
}

export function optionsOf(field: ReadField): SelectOption[] {
  return configOf<SelectConfig>(field).options ?? [];
}

/** The option a stored value stands for; a removed option keeps its id as label. */
export function optionOf(field: ReadField, value: Json | undefined): SelectOption | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return optionsOf(field).find((option) => option.id === value) ?? { id: value, label: value, color: 'gray' };
}
