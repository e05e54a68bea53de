import type { AutonumberConfig } from '@lianke/shared/fields/autonumber/schema';
import dayjs from 'dayjs';

/** The number that the `serial`-th record made at `now` would get, e.g. `HT202508050001`. */
export function autonumberExample(config: AutonumberConfig, now: Date, serial = 1): string {
  const date = config.date === 'none' ? '' : dayjs(now).format(config.date);
  return `${config.prefix}${date}${String(serial).padStart(config.digits, '0')}${config.suffix ?? ''}`;
}

/** Restarts that make no duplicates: a counter that restarts needs at least its period in the number. */
export function allowedResets(date: AutonumberConfig['date']): AutonumberConfig['reset'][] {
  switch (date) {
    case 'none':
      return ['never'];
    case 'YYYY':
      return ['never', 'year'];
    case 'YYYYMM':
      return ['never', 'year', 'month'];
    case 'YYYYMMDD':
      return ['never', 'year', 'month', 'day'];
  }
}
