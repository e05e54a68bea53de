import { Dec } from '../decimal.js';
import { compareValues, dateValue, isMoment, type Scalar, sameValue, toText } from '../values.js';
import type { RunContext } from './define.js';
import { readDay, readNumber } from './read.js';

/**
 * The test of COUNTIF and its kin. A text may begin with an operator (`">=100"`, `"<>已签"`, `">2026-01-01"`), which is
 * then compared as a number or date where the values are such; anything else must be equal. Blank values meet only
 * `<>` and equality with blank.
 */
export function criterion(wanted: Scalar, { zone, at }: RunContext): (value: Scalar) => boolean {
  const parts = typeof wanted === 'string' ? /^\s*(<=|>=|<>|!=|=|<|>)\s*(.*)$/s.exec(wanted) : null;
  const [op, right]: [string, Scalar] = parts ? [parts[1] ?? '=', (parts[2] ?? '').trim()] : ['=', wanted];
  return (value) => {
    const other = alike(value, right, zone);
    if (op === '=') return sameValue(value, other, zone, at);
    if (op === '<>' || op === '!=') return !sameValue(value, other, zone, at);
    if (value === null || value === '' || other === undefined || isMoment(value) !== isMoment(other)) return false;
    const order = compareValues(value, other, zone, at);
    return op === '<' ? order < 0 : op === '>' ? order > 0 : op === '<=' ? order <= 0 : order >= 0;
  };

  /** The criterion's text read as the value's own kind. */
  function alike(value: Scalar, text: Scalar, timeZone: string): Scalar {
    if (typeof text !== 'string') return text;
    if (value instanceof Dec) return readNumber(text) ?? text;
    if (typeof value === 'boolean')
      return /^(true|真|是)$/i.test(text) ? true : /^(false|假|否)$/i.test(text) ? false : text;
    const day = isMoment(value) ? readDay(text) : undefined;
    if (day !== undefined)
      return isMoment(value) && value.kind === 'datetime' && op === '=' ? sameDay(value, day) : dateValue(day, at);
    return text;

    /** A whole day equals every instant in it. */
    function sameDay(moment: Scalar, wantedDay: number): Scalar {
      return toText(moment, timeZone).startsWith(toText(dateValue(wantedDay, at), timeZone))
        ? moment
        : dateValue(wantedDay, at);
    }
  }
}
