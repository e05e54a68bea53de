import { addressSheet } from './address/sheet.js';
import { attachmentSheet } from './attachment/sheet.js';
import { autonumberSheet } from './autonumber/sheet.js';
import { barcodeSheet } from './barcode/sheet.js';
import { cascaderSheet } from './cascader/sheet.js';
import { creditCodeSheet } from './credit-code/sheet.js';
import { dateSheet } from './date/sheet.js';
import { dateRangeSheet } from './date-range/sheet.js';
import { datetimeSheet } from './datetime/sheet.js';
import { departmentSheet } from './department/sheet.js';
import { departmentsSheet } from './departments/sheet.js';
import { emailSheet } from './email/sheet.js';
import { derivedSheet } from './formula/sheet.js';
import { idNumberSheet } from './id-number/sheet.js';
import { lastContactSheet } from './last-contact/sheet.js';
import { locationSheet } from './location/sheet.js';
import { longTextSheet } from './long-text/sheet.js';
import { memberSheet } from './member/sheet.js';
import { membersSheet } from './members/sheet.js';
import { moneySheet } from './money/sheet.js';
import { multiSelectSheet } from './multi-select/sheet.js';
import { numberSheet } from './number/sheet.js';
import { percentSheet } from './percent/sheet.js';
import { phoneSheet } from './phone/sheet.js';
import { ratingSheet } from './rating/sheet.js';
import type { FieldTypeName } from './registry.js';
import { relationSheet } from './relation/sheet.js';
import { relationsSheet } from './relations/sheet.js';
import { richTextSheet } from './rich-text/sheet.js';
import { selectSheet } from './select/sheet.js';
import type { SheetFormat } from './sheet-types.js';
import { sliderSheet } from './slider/sheet.js';
import { subformSheet } from './subform/sheet.js';
import { switchSheet } from './switch/sheet.js';
import { tagsSheet } from './tags/sheet.js';
import { textSheet } from './text/sheet.js';
import { timeSheet } from './time/sheet.js';
import { urlSheet } from './url/sheet.js';

/** Spreadsheet reading and writing of every field type. Server only: the mini-app never imports it. */
export const sheetFormats: Record<FieldTypeName, SheetFormat<never>> = {
  text: textSheet,
  longText: longTextSheet,
  richText: richTextSheet,
  number: numberSheet,
  money: moneySheet,
  percent: percentSheet,
  rating: ratingSheet,
  slider: sliderSheet,
  date: dateSheet,
  datetime: datetimeSheet,
  time: timeSheet,
  dateRange: dateRangeSheet,
  select: selectSheet,
  multiSelect: multiSelectSheet,
  cascader: cascaderSheet,
  tags: tagsSheet,
  switch: switchSheet,
  phone: phoneSheet,
  email: emailSheet,
  url: urlSheet,
  idNumber: idNumberSheet,
  creditCode: creditCodeSheet,
  member: memberSheet,
  members: membersSheet,
  department: departmentSheet,
  departments: departmentsSheet,
  relation: relationSheet,
  relations: relationsSheet,
  subform: subformSheet,
  attachment: attachmentSheet,
  image: attachmentSheet,
  signature: attachmentSheet,
  autonumber: autonumberSheet,
  barcode: barcodeSheet,
  location: locationSheet,
  address: addressSheet,
  lastContact: lastContactSheet,
  formula: derivedSheet,
  lookup: derivedSheet,
  rollup: derivedSheet,
};
