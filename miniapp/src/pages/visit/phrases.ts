import type { ReadField } from '../../data/record-types.js';
import type { MessageKey } from '../../i18n/zh.js';

/** What is said most often, one tap each. */
export const phrases: MessageKey[] = [
  'phrase.quoted',
  'phrase.demo',
  'phrase.considering',
  'phrase.price',
  'phrase.noAnswer',
];

/** How long the form lets the content be; a one-line field by default 200 characters. */
export function contentLimit(field: ReadField): number {
  const { maxLength } = field.config;
  return typeof maxLength === 'number' ? maxLength : field.type === 'text' ? 200 : 5000;
}
