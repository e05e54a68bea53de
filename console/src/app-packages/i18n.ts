import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';
import { en } from './messages/en.js';
import { type TextKey, zh } from './messages/zh.js';

registerMessages('appPackages', { zh, en });

export type Text = (key: TextKey, params?: Record<string, string | number>) => string;

/** This feature's words; a key that does not exist does not compile. */
export function useText(): Text {
  return useTranslation('appPackages').t as Text;
}
