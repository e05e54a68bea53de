/** The calendar day in Shanghai, where the demonstration's companies are, so many days from today: `2026-11-25`. */
export function localDay(daysAhead: number): string {
  const day = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' });
  return day.format(Date.now() + daysAhead * 86_400_000);
}
