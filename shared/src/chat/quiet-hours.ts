import { dayNumber, isWorkDay } from '../time/work-days.js';
import { addDays, dateIn, instantIn, startOfDate, timeIn } from '../time/zone.js';

/** When somebody's chat stays silent. Times are `HH:mm` on the company's clocks; `from` after `to` means over midnight. */
export interface QuietHours {
  on: boolean;
  from: string;
  to: string;
  /** Days off (weekends and public holidays, but not the weekends worked instead) are silent from midnight to midnight. */
  restDays: boolean;
}

/** More periods than ever follow on one another: the longest holiday, and a night on either side. */
const maxPeriods = 64;
const minuteMs = 60_000;

/** Until when the chat stays silent; null when it is not silent at `at`. Periods that touch count as one. */
export function quietUntil(hours: QuietHours, zone: string, at: Date): Date | null {
  let end: Date | null = null;
  for (let count = 0; count < maxPeriods; count++) {
    const next = endOfPeriod(hours, zone, end ?? at);
    if (next === null) return end;
    end = next;
  }
  return end;
}

/** End of the period that contains `at`; null when none does. */
function endOfPeriod(hours: QuietHours, zone: string, at: Date): Date | null {
  if (!hours.on || hours.from === hours.to) return null;
  const date = dateIn(zone, at);
  if (hours.restDays && !isWorkDay(dayNumber(date))) return startOfDate(zone, addDays(date, 1));
  const time = timeIn(zone, at);
  const overnight = hours.from > hours.to;
  const begun = time >= hours.from;
  const inside = overnight ? begun || time < hours.to : begun && time < hours.to;
  if (!inside) return null;
  const end = instantIn(zone, overnight && begun ? addDays(date, 1) : date, hours.to);
  // An hour that clocks skip or repeat must not stop time.
  return end > at ? end : new Date(at.getTime() + minuteMs);
}
