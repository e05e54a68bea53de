import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat } from '../sheet-types.js';
import { type AddressConfig, type AddressValue, addressValue } from './schema.js';
import { addressText, parseAddress } from './value.js';

const municipality = /^(?:北京|上海|天津|重庆)市/;
const province = /^[\u4e00-\u9fff]{2,7}?(?:省|自治区|特别行政区)/;
const city = /^[\u4e00-\u9fff]{2,10}?(?:自治州|地区|盟|市)/;
const district = /^[\u4e00-\u9fff]{1,10}?(?:新区|高新区|工业园区|开发区|区|县|旗|市)/;

/** Cuts an address into parts from the left; joined again they read exactly as before. */
export function splitAddress(text: string): AddressValue {
  let rest = text;
  const take = (pattern: RegExp) => {
    const found = pattern.exec(rest)?.[0];
    if (found) rest = rest.slice(found.length);
    return found;
  };
  const parts: AddressValue = {
    province: take(province),
    city: take(municipality) ?? take(city),
  };
  if (parts.province || parts.city) parts.district = take(district);
  return rest === '' ? parts : { ...parts, detail: rest };
}

export const addressSheet: SheetFormat<AddressConfig> = {
  reader: () => (cell) => {
    const text = cellText(cell)
      .replace(/\s*[\r\n]+\s*/g, ' ')
      .trim();
    return saysNothing(text) ? emptyValue : fromParsed(parseAddress(splitAddress(text), addressValue));
  },
  write: (value) => (value === null ? null : addressText(value as AddressValue)),
};
