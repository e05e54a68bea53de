import type { Dec } from '../decimal.js';

const capital = { digits: [...'零壹贰叁肆伍陆柒捌玖'], units: ['', '拾', '佰', '仟'] };
const plain = { digits: [...'零一二三四五六七八九'], units: ['', '十', '百', '千'] };
const groups = ['', '万', '亿', '万亿'];

/** A whole number below 10^16 in Chinese numerals of one style. */
function wholeInWords(digits: string, style: typeof plain): string {
  if (/^0+$/.test(digits)) return style.digits[0] ?? '';
  let words = '';
  let zero = false;
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  for (let at = 0; at < padded.length; at += 4) {
    const part = padded.slice(at, at + 4);
    if (part === '0000') {
      zero = words !== '';
      continue;
    }
    for (const [index, digit] of [...part].entries()) {
      if (digit === '0') {
        zero = words !== '';
        continue;
      }
      if (zero) words += style.digits[0];
      zero = false;
      words += `${style.digits[Number(digit)]}${style.units[3 - index]}`;
    }
    zero = zero && part.endsWith('0');
    words += groups[(padded.length - at) / 4 - 1] ?? '';
  }
  return words;
}

/** An amount as cheques and contracts write it: 壹仟贰佰元伍角整. Rounded to the cent. */
export function amountInWords(amount: Dec): string {
  const [whole = '0', cents = '00'] = amount.abs().toFixed(2).split('.');
  const [jiao, fen] = [Number(cents[0]), Number(cents[1])];
  const sign = amount.isNegative() && (whole !== '0' || jiao + fen > 0) ? '负' : '';
  const yuan = whole === '0' && jiao + fen > 0 ? '' : `${wholeInWords(whole, capital)}元`;
  if (jiao === 0 && fen === 0) return `${sign}${yuan}整`;
  const tenths = jiao > 0 ? `${capital.digits[jiao]}角` : yuan === '' ? '' : '零';
  return `${sign}${yuan}${tenths}${fen > 0 ? `${capital.digits[fen]}分` : '整'}`;
}

/** A whole number in everyday numerals: 一百二十, 十二. */
export function chineseNumber(value: Dec): string {
  const words = wholeInWords(value.abs().toFixed(0), plain).replace(/^一十/, '十');
  return value.isNegative() && !value.isZero() ? `负${words}` : words;
}
