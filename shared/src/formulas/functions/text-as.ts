import { civilAt } from '../../time/civil.js';
import { dayDate, isoWeekday } from '../../time/work-days.js';
import { Dec } from '../decimal.js';
import { type DateValue, type InstantValue, isMoment, type Scalar, toText } from '../values.js';

/**
 * A value by a spreadsheet's format: numbers `0.00`, `#,##0.0`, `0%`, `000`, dates `yyyy-mm-dd`, `yyyy年m月d日`, `hh:mm`,
 * `aaaa` (星期三). Texts and blanks stay as they are.
 */
export function textAs(value: Scalar, format: string, zone: string): string {
  if (value instanceof Dec) return numberAs(value, format);
  return isMoment(value) ? momentAs(value, format, zone) : toText(value, zone);
}

function numberAs(value: Dec, format: string): string {
  const found = /^([^0#.,]*)([#0,]*)(?:\.([0#]*))?(%?)(.*)$/s.exec(format);
  if (!found) return value.toFixed();
  const [, before = '', whole = '', fraction = '', percent = '', after = ''] = found;
  const scaled = percent ? value.mul(100) : value;
  const least = (fraction.match(/0/g) ?? []).length;
  const fixed = scaled.abs().toDecimalPlaces(fraction.length).toFixed(fraction.length);
  const [digits = '0', rest = ''] = fixed.split('.');
  const kept = rest.slice(0, least) + rest.slice(least).replace(/0+$/, '');
  const padded = digits.padStart((whole.match(/0/g) ?? []).length, '0');
  const grouped = whole.includes(',') ? padded.replace(/\B(?=(\d{3})+$)/g, ',') : padded;
  const shown = whole !== '' && !whole.includes('0') && grouped === '0' && kept !== '' ? '' : grouped;
  const sign = scaled.isNegative() && /[1-9]/.test(fixed) ? '-' : '';
  return `${before}${sign}${shown}${kept === '' ? '' : `.${kept}`}${percent}${after}`;
}

const weekdays = [...'一二三四五六日'];

function momentAs(moment: DateValue | InstantValue, format: string, zone: string): string {
  const [year, month, day] =
    moment.kind === 'date'
      ? dayDate(moment.day).split('-').map(Number)
      : Object.values(civilAt(zone, moment.ms)).slice(0, 3);
  const clock = moment.kind === 'date' ? { hour: 0, minute: 0, second: 0 } : civilAt(zone, moment.ms);
  const weekday = isoWeekday(Math.floor(Date.UTC(year ?? 1, (month ?? 1) - 1, day ?? 1) / 86_400_000));
  const two = (n: number | undefined, length: number) => String(n ?? 0).padStart(length, '0');
  let hours = false;
  return format.replace(/"[^"]*"|y+|m+|d+|h+|s+|a{3,4}|q/gi, (token, at: number) => {
    if (token.startsWith('"')) return token.slice(1, -1);
    const letter = token[0] === 'M' ? 'M' : (token[0] ?? '').toLowerCase();
    if (letter === 'h') hours = true;
    switch (letter) {
      case 'y':
        return token.length <= 2 ? two((year ?? 0) % 100, 2) : two(year, 4);
      case 'd':
        return two(day, Math.min(token.length, 2));
      case 'h':
        return two(clock.hour, Math.min(token.length, 2));
      case 's':
        return two(clock.second, Math.min(token.length, 2));
      case 'a':
        return `${token.length === 4 ? '星期' : '周'}${weekdays[weekday - 1]}`;
      case 'q':
        return String(Math.ceil((month ?? 1) / 3));
      default: {
        // As in spreadsheets m is minutes beside hours or seconds, months elsewhere.
        const minutes = letter === 'm' && (hours || /^[^ymdh]*s/i.test(format.slice(at + token.length)));
        if (minutes) hours = false;
        return two(minutes ? clock.minute : month, Math.min(token.length, 2));
      }
    }
  });
}
