import type { Json } from '../json.js';

/**
 * One message to one or several members, before a platform renders it. Texts are plain; each adapter cuts them to its
 * platform's limits on a grapheme boundary.
 */
export interface Card {
  kind: 'notice' | 'task' | 'approval' | 'digest' | 'report';
  title: string;
  description?: string;
  facts: { label: string; value: string }[];
  /**
   * A report as a picture: addresses that chat clients fetch without a session. `cover` is its top in the shape that cards
   * show, 1.6 to 1.
   */
  picture?: { url: string; cover: string };
  /** Path inside the mini-app (`/pages/task/index?id=…`); the adapter makes it a link. */
  path: string;
  /** Buttons that act in the chat; `action` is an opaque key that the adapter hands back. */
  buttons: {
    text: string;
    action: string;
    style: 'primary' | 'danger' | 'default';
    /** Opens the card's page instead of acting in the chat. */
    opens?: boolean;
  }[];
  /**
   * A question that goes with the buttons where the platform has such a thing (WeCom); what was chosen comes with the press.
   * The first option stands until somebody chooses.
   */
  choice?: { key: string; title: string; options: { id: string; text: string }[] };
  /** The final state after it was handled: shown instead of the buttons. */
  outcome?: string;
}

/** Something a member did to a card in the chat. */
export interface CardAction {
  messageId: string;
  action: string;
  memberId: string;
  /** Answers to the card's question, option id by key. */
  chosen?: Readonly<Record<string, string>>;
  raw: Json;
}
