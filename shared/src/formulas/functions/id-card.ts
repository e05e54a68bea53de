import { isCalendarDate } from '../../fields/date/value.js';
import { dayNumber } from '../../time/work-days.js';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** True for an 18-digit identity number whose date is real and whose check digit (GB 11643) is right. */
function valid(number: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const sum = weights.reduce((all, weight, index) => all + weight * Number(number[index]), 0);
  return '10X98765432'[sum % 11] === number[17] && isCalendarDate(dateIn(number));
}

function dateIn(number: string): string {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

/** Day number of the birthday in an identity number; undefined when the number is none. */
export function birthday(text: string): number | undefined {
  const number = text.trim().toUpperCase();
  return valid(number) ? dayNumber(dateIn(number)) : undefined;
}

/** 男 or 女; undefined when the number is none. */
export function sexOf(text: string): '男' | '女' | undefined {
  const number = text.trim().toUpperCase();
  if (!valid(number)) return undefined;
  return Number(number[16]) % 2 === 1 ? '男' : '女';
}
