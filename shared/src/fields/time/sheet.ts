import { fold } from '../../filter/fold.js';
import { readClock } from '../date/sheet.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { TimeConfig } from './schema.js';
import { parseTime } from './value.js';

const daySeconds = 86_400;

/** `9:30`, `下午3点`, `15时20分`, and the fraction of a day by which spreadsheets hold times. */
export const timeSheet: SheetFormat<TimeConfig> = {
  reader: (config) => (cell) => {
    const seconds =
      cell instanceof Date && !Number.isNaN(cell.getTime())
        ? Math.round(cell.getTime() / 1000)
        : typeof cell === 'number' && cell >= 0 && Number.isFinite(cell)
          ? Math.round((cell % 1) * daySeconds)
          : undefined;
    if (seconds !== undefined) {
      const ofDay = ((seconds % daySeconds) + daySeconds) % daySeconds;
      const parts = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60];
      return fromParsed(parseTime(parts.join(':'), config));
    }
    const text = fold(cellText(cell)).replace(/\s+/g, '');
    if (saysNothing(text)) return emptyValue;
    const found = readClock(text.replace('半', '30分'));
    return found ? fromParsed(parseTime(`${found.hour}:${found.minute}:${found.second}`, config)) : refused('bad_time');
  },
  write: (value) => (value === null ? null : String(value)),
};
