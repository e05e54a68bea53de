import { addressLine, placeOf, placeText } from '../fields/plain-values.js';
import type { FormView, RecordRow } from './record-types.js';

export type Destination = { lat: number; lng: number; name: string } | { address: string };

/** Where a record is: its located point, else its address. */
export function destinationOf(form: FormView, record: RecordRow): Destination | undefined {
  for (const field of form.fields.filter((item) => item.type === 'location')) {
    const place = placeOf(record.values[field.key]);
    if (place) return { lat: place.lat, lng: place.lng, name: record.label || placeText(place) };
  }
  for (const field of form.fields) {
    if (field.type === 'address') {
      const address = addressLine(record.values[field.key]);
      if (address) return { address };
    }
    if (field.type === 'text' && /地址/.test(field.name)) {
      const text = record.values[field.key];
      if (typeof text === 'string' && text) return { address: text };
    }
  }
  return undefined;
}
