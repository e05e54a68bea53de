import { addressField } from './address/schema.js';
import { attachmentField } from './attachment/schema.js';
import { autonumberField } from './autonumber/schema.js';
import { dateField } from './date/schema.js';
import { datetimeField } from './datetime/schema.js';
import { departmentField } from './department/schema.js';
import { emailField } from './email/schema.js';
import { lastContactField } from './last-contact/schema.js';
import { locationField } from './location/schema.js';
import { longTextField } from './long-text/schema.js';
import { memberField } from './member/schema.js';
import { moneyField } from './money/schema.js';
import { multiSelectField } from './multi-select/schema.js';
import { numberField } from './number/schema.js';
import { phoneField } from './phone/schema.js';
import { relationField } from './relation/schema.js';
import { selectField } from './select/schema.js';
import { switchField } from './switch/schema.js';
import { tagsField } from './tags/schema.js';
import { textField } from './text/schema.js';
import type { FieldType } from './types.js';
import { urlField } from './url/schema.js';

export const fieldTypeNames = [
  'text',
  'longText',
  'number',
  'money',
  'date',
  'datetime',
  'select',
  'multiSelect',
  'tags',
  'switch',
  'phone',
  'email',
  'url',
  'member',
  'department',
  'relation',
  'attachment',
  'autonumber',
  'location',
  'address',
  'lastContact',
] as const;
export type FieldTypeName = (typeof fieldTypeNames)[number];

/** Every field type, in palette order. */
export const fieldTypes: Record<FieldTypeName, FieldType> = {
  text: textField,
  longText: longTextField,
  number: numberField,
  money: moneyField,
  date: dateField,
  datetime: datetimeField,
  select: selectField,
  multiSelect: multiSelectField,
  tags: tagsField,
  switch: switchField,
  phone: phoneField,
  email: emailField,
  url: urlField,
  member: memberField,
  department: departmentField,
  relation: relationField,
  attachment: attachmentField,
  autonumber: autonumberField,
  location: locationField,
  address: addressField,
  lastContact: lastContactField,
};
