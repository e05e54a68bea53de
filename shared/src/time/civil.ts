/** A date and time of day on a wall clock, without a zone. Months count from 1. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const hourMs = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();
/** By zone, then by hour since 1970. */
const offsets = new Map<string, Map<number, number>>();
const maxOffsets = 50_000;

/** Milliseconds that `zone` is ahead of UTC at `instant` (Unix milliseconds). Cached by the hour: offsets change at full hours only. */
export function zoneOffset(zone: string, instant: number): number {
  const hour = Math.floor(instant / hourMs);
  let ofZone = offsets.get(zone);
  if (!ofZone) {
    ofZone = new Map();
    offsets.set(zone, ofZone);
  }
  const known = ofZone.get(hour);
  if (known !== undefined) return known;
  if (ofZone.size > maxOffsets) ofZone.clear();
  const parts = new Map(
    formatOf(zone)
      .formatToParts(hour * hourMs)
      .map((part) => [part.type, Number(part.value)]),
  );
  const local = utcOf({
    year: parts.get('year') ?? 0,
    month: parts.get('month') ?? 1,
    day: parts.get('day') ?? 1,
    hour: (parts.get('hour') ?? 0) % 24,
    minute: parts.get('minute') ?? 0,
    second: parts.get('second') ?? 0,
  });
  const offset = local - hour * hourMs;
  ofZone.set(hour, offset);
  return offset;
}

/** The instant, in Unix milliseconds, at which clocks in `zone` show `civil`; the later offset's reading where clocks skip or repeat it. */
export function instantOf(zone: string, civil: CivilTime): number {
  const local = utcOf(civil);
  const guess = local - zoneOffset(zone, local);
  return local - zoneOffset(zone, guess);
}

/** What clocks in `zone` show at `instant` (Unix milliseconds). */
export function civilAt(zone: string, instant: number): CivilTime {
  return civilOfUtc(new Date(instant + zoneOffset(zone, instant)));
}

/** The UTC parts of a date, as wall-clock time; milliseconds are dropped. */
export function civilOfUtc(date: Date): CivilTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** True for a real date of the years 1–9999 and a real time of day (24:00 and leap seconds are none). */
export function isCivil(civil: CivilTime): boolean {
  if (civil.year < 1 || civil.year > 9999 || civil.hour > 23 || civil.minute > 59 || civil.second > 59) return false;
  if (civil.month < 1 || civil.month > 12 || civil.day < 1) return false;
  return civil.day <= new Date(Date.UTC(2000, civil.month, 0)).getUTCDate() && !isFalseLeapDay(civil);
}

/** `YYYY-MM-DD`. */
export function civilDate(civil: CivilTime): string {
  return `${String(civil.year).padStart(4, '0')}-${two(civil.month)}-${two(civil.day)}`;
}

/** `HH:mm`, or `HH:mm:ss` when there are seconds. */
export function civilClock(civil: CivilTime): string {
  const clock = `${two(civil.hour)}:${two(civil.minute)}`;
  return civil.second === 0 ? clock : `${clock}:${two(civil.second)}`;
}

function isFalseLeapDay({ year, month, day }: CivilTime): boolean {
  return month === 2 && day === 29 && !((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0);
}

/** Date.UTC reads years below 100 as 19xx, so the year is set on its own. */
function utcOf(civil: CivilTime): number {
  const date = new Date(Date.UTC(2000, civil.month - 1, 1, civil.hour, civil.minute, civil.second));
  date.setUTCFullYear(civil.year, civil.month - 1, civil.day);
  return date.getTime();
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
