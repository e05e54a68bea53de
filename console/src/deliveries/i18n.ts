import { deliveryReasons } from '@lianke/shared/chat/deliveries';
import { useTranslation } from 'react-i18next';
import { registerMessages } from '../i18n/register.js';
import { formatDatetime } from '../shared/format.js';
import { en } from './words-en.js';
import { type TextKey, zh } from './words-zh.js';

registerMessages('deliveries', { zh, en });

export type DeliveryText = (key: TextKey, params?: Record<string, string | number>) => string;

/** This feature's words; a key that does not exist does not compile. */
export function useDeliveryText(): DeliveryText {
  return useTranslation('deliveries').t as DeliveryText;
}

/** Our own reasons in words; a platform's refusal as it said it. */
export function reasonOf(error: string, text: DeliveryText): string {
  const known = Object.hasOwn(deliveryReasons, error) && deliveryReasons[error as keyof typeof deliveryReasons];
  return known ? text(`reason.${known}`) : error;
}

/** `08:30`, with its date when that is not within a day of now. */
export function clockOf(instant: string): string {
  const text = formatDatetime(instant, 'minute');
  return Math.abs(Date.parse(instant) - Date.now()) < 86_400_000 ? text.slice(-5) : text;
}
