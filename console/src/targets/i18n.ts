import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';
import { en } from './words-en.js';
import { type TextKey, zh } from './words-zh.js';

registerMessages('targets', { zh, en });

export type Text = (key: TextKey, params?: Record<string, string | number>) => string;

/** This feature's words; a key that does not exist does not compile. */
export function useText(): Text {
  return useTranslation('targets').t as Text;
}
