import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';
import { en } from './words-en.js';
import { type TextKey, zh } from './words-zh.js';

registerMessages('apiKeys', { zh, en });

/** This feature's words; a key that does not exist does not compile. */
export function useKeyText(): (key: TextKey, params?: Record<string, string | number>) => string {
  return useTranslation('apiKeys').t as (key: TextKey, params?: Record<string, string | number>) => string;
}
