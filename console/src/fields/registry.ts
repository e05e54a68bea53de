import type { FieldTypeName } from '@lianke/shared/fields/registry';
import './i18n.js';
import { address } from './address.js';
import { attachment } from './attachment.js';
import { autonumber } from './autonumber.js';
import { barcode } from './barcode.js';
import { cascader } from './cascader.js';
import { creditCode } from './credit-code.js';
import { date } from './date.js';
import { dateRange } from './date-range.js';
import { datetime } from './datetime.js';
import { department } from './department.js';
import { departments } from './departments.js';
import { derived } from './derived.js';
import { email } from './email.js';
import { idNumber } from './id-number.js';
import { image } from './image.js';
import { lastContact } from './last-contact.js';
import { location } from './location.js';
import { longText } from './long-text.js';
import { member } from './member.js';
import { members } from './members.js';
import { money } from './money.js';
import { multiSelect } from './multi-select.js';
import { number } from './number.js';
import { percent } from './percent.js';
import { phone } from './phone.js';
import { rating } from './rating.js';
import { relation } from './relation.js';
import { relations } from './relations.js';
import type { FieldRenderer } from './renderer.js';
import { richText } from './rich-text.js';
import { select } from './select.js';
import { signature } from './signature.js';
import { slider } from './slider.js';
import { subform } from './subform/subform.js';
import { switchRenderer } from './switch.js';
import { tags } from './tags.js';
import { text } from './text.js';
import { time } from './time.js';
import { url } from './url.js';

/** One renderer a field type; a type of the shared registry without one does not compile. */
export const fieldRenderers: Record<FieldTypeName, FieldRenderer> = {
  text,
  longText,
  richText,
  number,
  money,
  percent,
  rating,
  slider,
  date,
  datetime,
  time,
  dateRange,
  select,
  multiSelect,
  cascader,
  tags,
  switch: switchRenderer,
  phone,
  email,
  url,
  idNumber,
  creditCode,
  member,
  members,
  department,
  departments,
  relation,
  relations,
  subform,
  attachment,
  image,
  signature,
  autonumber,
  barcode,
  location,
  address,
  lastContact,
  formula: derived,
  lookup: derived,
  rollup: derived,
};
