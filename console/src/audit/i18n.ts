import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';
import { en } from './words-en.js';
import { type TextKey, zh } from './words-zh.js';

registerMessages('audit', { zh, en });

/** This feature's words; a key that does not exist does not compile. */
export function useAuditText(): (key: TextKey) => string {
  return useTranslation('audit').t as (key: TextKey) => string;
}

/** The word for a noted fact; its own name where there is none. */
export function factName(text: (key: TextKey) => string, name: string): string {
  const key = `fact.${name}`;
  return Object.hasOwn(zh, key) ? text(key as TextKey) : name;
}

/** A noted fact that is one of our own codes in words; any other as it is. */
export function factText(text: (key: TextKey) => string, fact: { name: string; text: string }): string {
  const key = `value.${fact.name}.${fact.text}`;
  return Object.hasOwn(zh, key) ? text(key as TextKey) : fact.text;
}
