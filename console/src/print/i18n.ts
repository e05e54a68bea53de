import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';
import { en } from './words-en.js';
import { type TextKey, zh } from './words-zh.js';

registerMessages('print', { zh, en });

/** This feature's words. Placeholders of templates stand in some of them: `{{…}}` that no parameter fills stays as it is. */
export function usePrintText(): (key: TextKey, params?: Record<string, string | number>) => string {
  const { t } = useTranslation('print');
  return (key, params) => t(key, { ...params, skipInterpolation: params === undefined });
}
