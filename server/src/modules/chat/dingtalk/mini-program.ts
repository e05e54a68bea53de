import type { Card } from '@lianke/shared/chat/cards';
import type { Connection } from '../connection.js';
import type { CardPlace } from '../port/platform.js';

/** Addresses of messages, in characters (B7): a link's, and the shorter of the to-do's and the card's. */
const limits = { notice: 500, scheme: 1024 } as const;

/** A place that a tap opens inside the app's own mini-program, where the connection says that it is one. */
export interface DingPlace extends CardPlace {
  mini?: {
    /** In a work notice; the platform takes it from a mini-program's own app only (DD/message-link-description). */
    notice: string;
    /** Everywhere else; a client that cannot open the mini-program opens the page behind it. */
    scheme: string;
  };
}

/** Where a tap on a message leads: into the mini-program where the app is one, else to the page. */
export function placeIn(
  { settings, suiteId, corpId, agentId }: Pick<Connection, 'settings' | 'suiteId' | 'corpId' | 'agentId'>,
  card: Card,
  place: CardPlace,
): DingPlace {
  if (!settings.miniPages || suiteId !== null) return place;
  // Mini-programs name their pages without the slash before them.
  const page = card.path.replace(/^\//, '');
  const query = new URLSearchParams({ corpId, agentId, page, fallbackUrl: place.url });
  const mini = {
    notice: `eapp://${page}`,
    scheme: `dingtalk://dingtalkclient/action/open_micro_app?${query.toString().replaceAll('+', '%20')}`,
  };
  return mini.notice.length <= limits.notice && mini.scheme.length <= limits.scheme ? { ...place, mini } : place;
}
