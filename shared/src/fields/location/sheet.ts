import { fold } from '../../filter/fold.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import { type LocationConfig, type LocationValue, locationValue } from './schema.js';
import { parseLocation } from './value.js';

const point = /^\(?(-?\d{1,2}(?:\.\d+)?)[,;\s]+(-?\d{1,3}(?:\.\d+)?)\)?$/;

/** Cells hold `latitude,longitude` in degrees. */
export const locationSheet: SheetFormat<LocationConfig> = {
  reader: () => (cell) => {
    const text = fold(cellText(cell)).trim();
    if (saysNothing(text)) return emptyValue;
    const found = point.exec(text.replaceAll('，', ','));
    if (!found) return refused('wrong_type', { expected: '定位' });
    return fromParsed(parseLocation({ lat: Number(found[1]), lng: Number(found[2]) }, locationValue));
  },
  write: (value) => {
    if (value === null) return null;
    const { lat, lng } = value as unknown as LocationValue;
    return `${lat},${lng}`;
  },
};
