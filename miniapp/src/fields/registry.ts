import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { Json, ReadField } from '../data/record-types.js';
import { addressField } from './address.js';
import { attachmentField } from './attachment.js';
import { autonumberField } from './autonumber.js';
import { dateField } from './date.js';
import { datetimeField } from './datetime.js';
import { departmentField } from './department.js';
import { emailField } from './email.js';
import { lastContactField } from './last-contact.js';
import { locationField } from './location.js';
import { longTextField } from './long-text.js';
import { memberField } from './member.js';
import { moneyField } from './money.js';
import { multiSelectField } from './multi-select.js';
import { numberField } from './number.js';
import { phoneField } from './phone.js';
import { relationField } from './relation.js';
import { selectField } from './select.js';
import { switchField } from './switch.js';
import { tagsField } from './tags.js';
import { textField } from './text.js';
import { type FieldRenderer, type FormatContext, isEmpty } from './types.js';
import { urlField } from './url.js';

export const renderers: Record<FieldTypeName, FieldRenderer> = {
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

/** A value as text; '' when empty. A type newer than this app shows its plain value. */
export function formatField(field: ReadField, value: Json | undefined, context: FormatContext): string {
  if (value === undefined || isEmpty(value)) return '';
  const renderer: FieldRenderer | undefined = renderers[field.type];
  return renderer
    ? renderer.format(value, field, context)
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
