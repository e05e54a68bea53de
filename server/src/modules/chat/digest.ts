import type { Card } from '@lianke/shared/chat/cards';
import { type Language, say, type TextKey } from './texts.js';

/** Lines a digest shows before it only counts the rest; a card has room for six facts. */
const lines = 5;

/** One card for many: what they have in common as the title, the first few, and how many more. */
export function digestOf(
  cards: readonly Card[],
  { path, hint, language }: { path: string; hint: Extract<TextKey, `digest${string}`>; language: Language },
): Card {
  const count = cards.length;
  const [first] = cards;
  const sameTitle = first && cards.every((card) => card.title === first.title) ? first.title : null;
  const shown = cards.slice(0, count > lines + 1 ? lines : lines + 1);
  const facts = shown.map((card, index) => ({ label: `${index + 1}`, value: lineOf(card, sameTitle) }));
  if (count > shown.length)
    facts.push({
      label: say('digestMore', {}, language),
      value: say('digestCount', { count: count - shown.length }, language),
    });
  return {
    kind: 'digest',
    title: sameTitle
      ? say('digestSame', { title: sameTitle, count }, language)
      : say('digestTitle', { count }, language),
    description: say(hint, {}, language),
    facts,
    path,
    buttons: [],
  };
}

/** What tells one card from the next: its title, or under a common title its description or first fact. */
function lineOf(card: Card, sameTitle: string | null): string {
  if (!sameTitle) return card.title;
  return card.description ?? card.facts.find((fact) => fact.value !== '')?.value ?? card.title;
}
