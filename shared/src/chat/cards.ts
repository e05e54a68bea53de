import type { Language, Words } from '../errors/issue-names.js';
import type { Json } from '../json.js';

/** One message with its texts of type `Text`. They are plain; each adapter cuts them to its platform's limits. */
interface CardOf<Text> {
  kind: 'notice' | 'task' | 'approval' | 'digest' | 'report';
  title: Text;
  description?: Text;
  facts: { label: Text; value: Text }[];
  /**
   * A report as a picture: addresses that chat clients fetch without a session. `cover` is its top in the shape that cards
   * show, 1.6 to 1.
   */
  picture?: { url: string; cover: string };
  /** Path inside the mini-app (`/pages/task/index?id=…`); the adapter makes it a link. */
  path: string;
  /** Buttons that act in the chat; `action` is an opaque key that the adapter hands back. */
  buttons: {
    text: Text;
    action: string;
    style: 'primary' | 'danger' | 'default';
    /** Opens the card's page instead of acting in the chat. */
    opens?: boolean;
  }[];
  /**
   * A question that goes with the buttons: beside them (WeCom; the first option stands until somebody chooses), or asked by
   * other buttons once the red one is pressed (DingTalk). What was chosen comes with the press.
   */
  choice?: { key: string; title: Text; options: { id: string; text: Text }[] };
}

/** One message to one member in the language he reads, before a platform renders it. */
export type Card = CardOf<string>;

/**
 * A message as its sender writes it to one or several members: what the product says in both languages, what is the
 * company's own (names, titles of records, what somebody wrote) as one text for all.
 */
export type CardWords = CardOf<string | Words>;

/** The card as a reader of the language gets it. */
export function cardIn(card: CardWords, language: Language): Card {
  const say = (text: string | Words) => (typeof text === 'string' ? text : text[language]);
  const { title, description, facts, buttons, choice, ...rest } = card;
  return {
    ...rest,
    title: say(title),
    ...(description === undefined ? {} : { description: say(description) }),
    facts: facts.map(({ label, value }) => ({ label: say(label), value: say(value) })),
    buttons: buttons.map(({ text, ...button }) => ({ ...button, text: say(text) })),
    ...(choice
      ? {
          choice: {
            key: choice.key,
            title: say(choice.title),
            options: choice.options.map(({ id, text }) => ({ id, text: say(text) })),
          },
        }
      : {}),
  };
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
