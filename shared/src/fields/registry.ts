import { addressField } from './address/schema.js';
import { attachmentField } from './attachment/schema.js';
import { autonumberField } from './autonumber/schema.js';
import { barcodeField } from './barcode/schema.js';
import { cascaderField } from './cascader/schema.js';
import { creditCodeField } from './credit-code/schema.js';
import { dateField } from './date/schema.js';
import { dateRangeField } from './date-range/schema.js';
import { datetimeField } from './datetime/schema.js';
import { departmentField } from './department/schema.js';
import { departmentsField } from './departments/schema.js';
import { emailField } from './email/schema.js';
import { formulaField } from './formula/schema.js';
import { idNumberField } from './id-number/schema.js';
import { imageField } from './image/schema.js';
import { lastContactField } from './last-contact/schema.js';
import { locationField } from './location/schema.js';
import { longTextField } from './long-text/schema.js';
import { lookupField } from './lookup/schema.js';
import { memberField } from './member/schema.js';
import { membersField } from './members/schema.js';
import { moneyField } from './money/schema.js';
import { multiSelectField } from './multi-select/schema.js';
import { numberField } from './number/schema.js';
import { percentField } from './percent/schema.js';
import { phoneField } from './phone/schema.js';
import { ratingField } from './rating/schema.js';
import { relationField } from './relation/schema.js';
import { relationsField } from './relations/schema.js';
import { richTextField } from './rich-text/schema.js';
import { rollupField } from './rollup/schema.js';
import { selectField } from './select/schema.js';
import { signatureField } from './signature/schema.js';
import { sliderField } from './slider/schema.js';
import { subformField } from './subform/schema.js';
import { switchField } from './switch/schema.js';
import { tagsField } from './tags/schema.js';
import { textField } from './text/schema.js';
import { timeField } from './time/schema.js';
import type { FieldType } from './types.js';
import { urlField } from './url/schema.js';

export const fieldTypeNames = [
  'text',
  'longText',
  'richText',
  'number',
  'money',
  'percent',
  'rating',
  'slider',
  'date',
  'datetime',
  'time',
  'dateRange',
  'select',
  'multiSelect',
  'cascader',
  'tags',
  'switch',
  'phone',
  'email',
  'url',
  'idNumber',
  'creditCode',
  'member',
  'members',
  'department',
  'departments',
  'relation',
  'relations',
  'subform',
  'attachment',
  'image',
  'signature',
  'autonumber',
  'barcode',
  'location',
  'address',
  'lastContact',
  'formula',
  'lookup',
  'rollup',
] as const;
export type FieldTypeName = (typeof fieldTypeNames)[number];

/** Every field type, in palette order. */
export const fieldTypes: Record<FieldTypeName, FieldType> = {
  text: textField,
  longText: longTextField,
  richText: richTextField,
  number: numberField,
  money: moneyField,
  percent: percentField,
  rating: ratingField,
  slider: sliderField,
  date: dateField,
  datetime: datetimeField,
  time: timeField,
  dateRange: dateRangeField,
  select: selectField,
  multiSelect: multiSelectField,
  cascader: cascaderField,
  tags: tagsField,
  switch: switchField,
  phone: phoneField,
  email: emailField,
  url: urlField,
  idNumber: idNumberField,
  creditCode: creditCodeField,
  member: memberField,
  members: membersField,
  department: departmentField,
  departments: departmentsField,
  relation: relationField,
  relations: relationsField,
  subform: subformField,
  attachment: attachmentField,
  image: imageField,
  signature: signatureField,
  autonumber: autonumberField,
  barcode: barcodeField,
  location: locationField,
  address: addressField,
  lastContact: lastContactField,
  formula: formulaField,
  lookup: lookupField,
  rollup: rollupField,
};
