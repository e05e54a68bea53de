import { addressSheet } from './address/sheet.js';
import { attachmentSheet } from './attachment/sheet.js';
import { autonumberSheet } from './autonumber/sheet.js';
import { dateSheet } from './date/sheet.js';
import { datetimeSheet } from './datetime/sheet.js';
import { departmentSheet } from './department/sheet.js';
import { emailSheet } from './email/sheet.js';
import { lastContactSheet } from './last-contact/sheet.js';
import { locationSheet } from './location/sheet.js';
import { longTextSheet } from './long-text/sheet.js';
import { memberSheet } from './member/sheet.js';
import { moneySheet } from './money/sheet.js';
import { multiSelectSheet } from './multi-select/sheet.js';
import { numberSheet } from './number/sheet.js';
import { phoneSheet } from './phone/sheet.js';
import type { FieldTypeName } from './registry.js';
import { relationSheet } from './relation/sheet.js';
import { selectSheet } from './select/sheet.js';
import type { SheetFormat } from './sheet-types.js';
import { switchSheet } from './switch/sheet.js';
import { tagsSheet } from './tags/sheet.js';
import { textSheet } from './text/sheet.js';
import { urlSheet } from './url/sheet.js';

/** Spreadsheet reading and writing of every field type. Server only: the mini-app never imports it. */
export const sheetFormats: Record<FieldTypeName, SheetFormat<never>> = {
  text: textSheet,
  longText: longTextSheet,
  number: numberSheet,
  money: moneySheet,
  date: dateSheet,
  datetime: datetimeSheet,
  select: selectSheet,
  multiSelect: multiSelectSheet,
  tags: tagsSheet,
  switch: switchSheet,
  phone: phoneSheet,
  email: emailSheet,
  url: urlSheet,
  member: memberSheet,
  department: departmentSheet,
  relation: relationSheet,
  attachment: attachmentSheet,
  autonumber: autonumberSheet,
  location: locationSheet,
  address: addressSheet,
  lastContact: lastContactSheet,
};
