import { type NotifySettings, usualSettings } from '@lianke/shared/chat/notify';
import { quietUntil } from '@lianke/shared/chat/quiet-hours';
import type { MemberId } from '@lianke/shared/ids';
import type { MessageRow } from './message-row.js';

/** What a message's reader wants done with it now. */
export type Wish = { as: 'send' } | { as: 'keep' } | { as: 'hold'; until: Date };

/** What the wish depends on. */
export type Wished = Pick<MessageRow, 'topic' | 'urgent' | 'card' | 'member_id'>;

const send: Wish = { as: 'send' };

/** `keep`: only the app's own list shows it; `hold`: silent hours, sent when they end. */
export function wishOf(message: Wished, settings: NotifySettings, zone: string, now: Date): Wish {
  const { topic, urgent, card } = message;
  if (topic === 'direct') return send;
  if (!settings.chat[topic]) return { as: 'keep' };
  if (urgent && settings.through.urgent) return send;
  if (card.kind === 'approval' && settings.through.approvals) return send;
  const until = quietUntil(settings.quiet, zone, now);
  return until === null ? send : { as: 'hold', until };
}

/** The settings of some members of one company at one instant. */
export class Courtesy {
  constructor(
    private readonly settings: ReadonlyMap<MemberId, NotifySettings>,
    private readonly zone: string,
    readonly now: Date,
  ) {}

  wish(message: Wished): Wish {
    return wishOf(message, this.settings.get(message.member_id) ?? usualSettings, this.zone, this.now);
  }
}
