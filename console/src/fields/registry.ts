import type { FieldTypeName } from '@lianke/shared/fields/registry';
import './i18n.js';
import { address } from './address.js';
import { attachment } from './attachment.js';
import { autonumber } from './autonumber.js';
import { date } from './date.js';
import { datetime } from './datetime.js';
import { department } from './department.js';
import { email } from './email.js';
import { lastContact } from './last-contact.js';
import { location } from './location.js';
import { longText } from './long-text.js';
import { member } from './member.js';
import { money } from './money.js';
import { multiSelect } from './multi-select.js';
import { number } from './number.js';
import { phone } from './phone.js';
import { relation } from './relation.js';
import type { FieldRenderer } from './renderer.js';
import { select } from './select.js';
import { switchRenderer } from './switch.js';
import { tags } from './tags.js';
import { text } from './text.js';
import { url } from './url.js';

/** One renderer a field type; a type of the shared registry without one does not compile. */
export const fieldRenderers: Record<FieldTypeName, FieldRenderer> = {
  text,
  longText,
  number,
  money,
  date,
  datetime,
  select,
  multiSelect,
  tags,
  switch: switchRenderer,
  phone,
  email,
  url,
  member,
  department,
  relation,
  attachment,
  autonumber,
  location,
  address,
  lastContact,
};
