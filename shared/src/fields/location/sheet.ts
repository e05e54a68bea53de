import { fold } from '../../filter/fold.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import { type LocationConfig, type LocationValue, locationValue } from './schema.js';
import { parseLocation } from './value.js';

const point = /^\(?(-?\d{1,2}(?:\.\d+)?)[,;\s]+(-?\d{1,3}(?:\.\d+)?)\)?(?:\s+(\S.*))?$/s;

/** Cells hold `latitude,longitude` in degrees, the place's name behind where it has one. */
export const locationSheet: SheetFormat<LocationConfig> = {
  reader: () => (cell) => {
    const text = cellText(cell).trim();
    if (saysNothing(text)) return emptyValue;
    // Folding would change the letters of a name.
    const found = [text, fold(text)].map((form) => point.exec(form.replaceAll('，', ','))).find((match) => match);
    if (!found) return refused('wrong_type', { expected: '定位' });
    const [, lat, lng, name] = found;
    return fromParsed(parseLocation({ lat: Number(lat), lng: Number(lng), ...(name && { name }) }, locationValue));
  },
  write: (value) => {
    if (value === null) return null;
    const { lat, lng, name } = value as LocationValue;
    return name ? `${lat},${lng} ${name}` : `${lat},${lng}`;
  },
};
