import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { Json, ReadField } from '../data/record-types.js';
import { addressField } from './address.js';
import { attachmentField } from './attachment.js';
import { autonumberField } from './autonumber.js';
import { barcodeField } from './barcode.js';
import { cascaderField } from './cascader.js';
import { creditCodeField } from './credit-code.js';
import { dateField } from './date.js';
import { dateRangeField } from './date-range.js';
import { datetimeField } from './datetime.js';
import { departmentField } from './department.js';
import { departmentsField } from './departments.js';
import { derivedField } from './derived.js';
import { emailField } from './email.js';
import { idNumberField } from './id-number.js';
import { imageField } from './image.js';
import { lastContactField } from './last-contact.js';
import { locationField } from './location.js';
import { longTextField } from './long-text.js';
import { memberField } from './member.js';
import { membersField } from './members.js';
import { moneyField } from './money.js';
import { multiSelectField } from './multi-select.js';
import { numberField } from './number.js';
import { percentField } from './percent.js';
import { phoneField } from './phone.js';
import { ratingField } from './rating.js';
import { relationField } from './relation.js';
import { relationsField } from './relations.js';
import { richTextField } from './rich-text.js';
import { selectField } from './select.js';
import { signatureField } from './signature.js';
import { sliderField } from './slider.js';
import { subformField } from './subform.js';
import { switchField } from './switch.js';
import { tagsField } from './tags.js';
import { textField } from './text.js';
import { timeField } from './time.js';
import { type FieldRenderer, type FormatContext, isEmpty } from './types.js';
import { urlField } from './url.js';

export const renderers: Record<FieldTypeName, FieldRenderer> = {
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
  formula: derivedField,
  lookup: derivedField,
  rollup: derivedField,
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
