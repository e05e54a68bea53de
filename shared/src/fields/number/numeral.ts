/** A numeral with its point moved right by `places` (left when negative), by its digits; anything else as it is. */
export function shiftPoint(text: string, places: number): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match || (match[2] === '' && !match[3])) return text;
  const fraction = match[3] ?? '';
  let digits = `${match[2] ?? ''}${fraction}`;
  let point = (match[2] ?? '').length + places;
  if (point < 0) {
    digits = '0'.repeat(-point) + digits;
    point = 0;
  }
  if (point > digits.length) digits = digits.padEnd(point, '0');
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const rest = digits.slice(point).replace(/0+$/, '');
  const out = rest === '' ? whole : `${whole}.${rest}`;
  return match[1] === '-' && out !== '0' ? `-${out}` : out;
}

/** A numeral half up to exactly `decimals` digits after the point, without floating point; anything else as it is. */
export function roundNumeral(text: string, decimals: number): string {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const digits = `${match[2]}${(match[3] ?? '').padEnd(decimals + 1, '0')}`;
  const end = (match[2] ?? '').length + decimals;
  const rounded = digits.charCodeAt(end) >= 53 ? plusOne(digits.slice(0, end)) : digits.slice(0, end);
  const point = rounded.length - decimals;
  const out = decimals === 0 ? rounded : `${rounded.slice(0, point)}.${rounded.slice(point)}`;
  return match[1] !== '-' || /^[0.]+$/.test(out) ? out : `-${out}`;
}

/** Digits counted up by one; older phones have no `BigInt`. */
function plusOne(digits: string): string {
  const [, head = '', nines = ''] = /^(.*?)(9*)$/.exec(digits) ?? [];
  const last = head.slice(-1);
  const up = last === '' ? '1' : `${head.slice(0, -1)}${Number(last) + 1}`;
  return `${up}${'0'.repeat(nines.length)}`;
}

/** A numeral with its thousands set apart; hosts of mini-programs do not all know `toLocaleString`'s options. */
export function groupThousands(numeral: string): string {
  const match = /^([+-]?)(\d+)(\.\d+)?$/.exec(numeral);
  if (!match) return numeral;
  return `${match[1] === '-' ? '-' : ''}${(match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`;
}
