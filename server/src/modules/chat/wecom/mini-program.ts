import type { Card } from '@lianke/shared/chat/cards';
import { miniNoticeLimits as limits } from '@lianke/shared/chat/mini-program';
import type { Connection } from '../connection.js';
import type { CardPlace } from '../port/platform.js';
import type { WecomPlace } from './render-card.js';

/** The longest page that a notice may name, in bytes (WW/90236). */
const maxPageBytes = 1024;

/** A `miniprogram_notice` (WW/90236). */
export interface MiniNotice {
  appid: string;
  page: string;
  title: string;
  description?: string;
  emphasis_first_item: false;
  content_item?: { key: string; value: string }[];
}

/** Where a tap on the card leads: into the mini-program where the connection has one, else to the page. */
export function placeIn(
  { settings, suiteId }: Pick<Connection, 'settings' | 'suiteId'>,
  card: Card,
  place: CardPlace,
): WecomPlace {
  const appid = settings.miniAppId;
  // Mini-programs name their pages without the slash before them.
  const pagepath = card.path.replace(/^\//, '');
  if (!appid || suiteId !== null || Buffer.byteLength(pagepath) > maxPageBytes) return place;
  return { ...place, mini: { appid, pagepath } };
}

/**
 * A card that only tells something as the mini-program's own notice; null for all that a notice cannot hold: what asks for an
 * answer, has a picture, or would lose words. `place.mini` must be there.
 */
export function noticeOf(
  { settings }: Pick<Connection, 'settings'>,
  card: Card,
  { mini }: WecomPlace,
): MiniNotice | null {
  if (!settings.miniNotices || !mini || card.buttons.length > 0 || card.picture) return null;
  const description = card.description?.trim() ?? '';
  const facts = card.facts.filter((fact) => fact.value !== '');
  const fits =
    between(card.title, limits.title) &&
    (description === '' || between(description, limits.description)) &&
    facts.length <= limits.items &&
    facts.every(({ label, value }) => label !== '' && lengthOf(label) <= limits.key && lengthOf(value) <= limits.value);
  if (!fits) return null;
  return {
    appid: mini.appid,
    page: mini.pagepath,
    title: card.title,
    ...(description === '' ? {} : { description }),
    emphasis_first_item: false,
    ...(facts.length === 0 ? {} : { content_item: facts.map(({ label, value }) => ({ key: label, value })) }),
  };
}

function between(text: string, most: number): boolean {
  return !text.includes('\n') && lengthOf(text) >= limits.least && lengthOf(text) <= most;
}

const lengthOf = (text: string): number => [...text].length;
