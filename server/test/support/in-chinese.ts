import { type Card, cardIn } from '@lianke/shared/chat/cards';
import type { Notification, NotificationOutcome } from '../../src/engine/ports.js';
import { saidIn } from '../../src/kernel/errors/said.js';

/** A message as its Chinese readers get it. */
export type ChineseNotification = Omit<Notification, 'card'> & { card: Card };

export function inChinese(notification: Notification): ChineseNotification {
  return { ...notification, card: cardIn(notification.card, 'zh') };
}

/** How something ended, as Chinese readers are told. */
export function endedInChinese(ended: NotificationOutcome): NotificationOutcome & { outcome: string } {
  return { ...ended, outcome: saidIn(ended.outcome, 'zh') };
}
