import type { Card } from '@lianke/shared/chat/cards';
import { actionSlots } from '@lianke/shared/chat/dingtalk-setup';
import { cutCharacters } from '../cut-text.js';
import { type Language, say } from '../texts.js';

type Button = Card['buttons'][number];
type Values = Record<string, string>;

/** A press that asks first: `ask#<page>#<action>`; without a page it asks for the buttons as they were. */
const asking = /^ask#(\d*)#(.+)$/s;
/** A press with an answer to the card's question: `<action>#<key>=<option>`. */
const answering = /^(.+)#([\w.-]+)=([\w.-]+)$/s;
const longestText = 30;

/** Whether a press only turns the card, so that nothing is decided by it. */
export function isAsking(action: string): boolean {
  return asking.test(action);
}

/**
 * What a button sends. DingTalk's card has no list to choose from, so where the card has a question its red button asks it
 * first, by other buttons in its place.
 */
export function keyOf(card: Card, button: Button): string {
  return card.choice && button.style === 'danger' ? `ask#0#${button.action}` : button.action;
}

/** A press taken apart: what is to be done, and what was answered. */
export function answerIn(action: string): { action: string; chosen?: Record<string, string> } {
  const [, plain, key, option] = answering.exec(action) ?? [];
  return plain && key && option ? { action: plain, chosen: { [key]: option } } : { action };
}

/**
 * The buttons that follow a press which asks: the answers, as many as fit, and the way to the others or back. Null where
 * the card has no such question.
 */
export function followingButtons(card: Card, pressed: string, language: Language): Values | null {
  const [, page = '', action] = asking.exec(pressed) ?? [];
  const asked = card.buttons.find((button) => button.action === action);
  if (!asked || !card.choice) return null;
  const own = card.buttons
    .filter((button) => !button.opens)
    .map((button) => [button.text, keyOf(card, button)] as const);
  return inSlots(page === '' ? own : answersOn(Number(page), asked, card.choice, language));
}

function answersOn(page: number, asked: Button, { key, options }: NonNullable<Card['choice']>, language: Language) {
  const fitting = actionSlots - 1;
  const shown = options.slice(page * fitting, (page + 1) * fitting);
  const more = options.length > (page + 1) * fitting;
  return [
    ...shown.map(
      ({ id, text }) =>
        [say('fact', { label: asked.text, value: text }, language), `${asked.action}#${key}=${id}`] as const,
    ),
    [say(more ? 'otherAnswers' : 'back', {}, language), `ask#${more ? page + 1 : ''}#${asked.action}`] as const,
  ];
}

function inSlots(buttons: readonly (readonly [string, string])[]): Values {
  const slots = Array.from({ length: actionSlots }, (_, index) => buttons[index] ?? ['', '']);
  return Object.fromEntries(
    slots.flatMap(([text, key], index) => [
      [`a${index + 1}_text`, cutCharacters(text, longestText)],
      [`a${index + 1}_key`, key],
    ]),
  );
}
