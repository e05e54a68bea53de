import type { Card } from '@lianke/shared/chat/cards';
import { cutCharacters, cutWide } from '../cut-text.js';
import type { CardPlace } from '../port/platform.js';
import type { StandIn } from '../stand-in.js';

/** The parts of WeCom's template card (WW/90236) that we use. */
export interface TemplateCard {
  card_type: 'text_notice' | 'news_notice' | 'button_interaction';
  source: { desc: string; desc_color: number };
  main_title: { title: string; desc?: string };
  card_image?: { url: string; aspect_ratio: number };
  sub_title_text?: string;
  horizontal_content_list?: { keyname: string; value: string }[];
  card_action: { type: 1; url: string } | { type: 2; appid: string; pagepath: string };
  task_id: string;
  button_list?: (
    | { type: 0; text: string; style: number; key: string }
    | { type: 1; text: string; style: number; url: string }
  )[];
  button_selection?: {
    question_key: string;
    title: string;
    option_list: { id: string; text: string }[];
    selected_id: string;
  };
  replace_text?: string;
}

/** A place that a tap opens inside the mini-program, where the connection has one. */
export interface WecomPlace extends CardPlace {
  mini?: { appid: string; pagepath: string };
}

/** Lengths of WW/90236 in characters, beyond which a phone folds or refuses. */
const limits = {
  source: 20,
  title: 36,
  desc: 44,
  subTitle: 160,
  facts: 6,
  label: 5,
  value: 30,
  buttons: 6,
  button: 10,
  options: 10,
  option: 17,
} as const;
const maxKeyBytes = 1024;
/** Of the private use area: no text that people write has it. */
const placeholder = '\uE0FF';
const styles: Record<Card['buttons'][number]['style'], number> = { primary: 1, danger: 3, default: 4 };

/** A card as WeCom takes it: with buttons a `button_interaction`, without a `text_notice`. */
export function renderCard(card: Card, place: WecomPlace): TemplateCard {
  const common = commonParts(card, card.facts, place);
  if (card.buttons.length === 0 && card.picture) return withPicture(card, common, card.picture.cover);
  if (card.buttons.length === 0) return { card_type: 'text_notice', ...common };
  return { card_type: 'button_interaction', ...common, ...choiceOf(card), button_list: buttonsOf(card, place) };
}

function choiceOf({ choice }: Card): Pick<TemplateCard, 'button_selection'> {
  const [first] = choice?.options ?? [];
  if (!choice || !first) return {};
  const option_list = choice.options
    .slice(0, limits.options)
    .map(({ id, text }) => ({ id, text: cutCharacters(text, limits.option) }));
  return { button_selection: { question_key: choice.key, title: choice.title, option_list, selected_id: first.id } };
}

/** A `news_notice`: its words below the title stand in the title's own second line. */
function withPicture(
  card: Card,
  { sub_title_text: _, main_title, ...common }: ReturnType<typeof commonParts>,
  url: string,
): TemplateCard {
  const desc = cutCharacters(oneLine(card.description ?? ''), limits.desc);
  return {
    card_type: 'news_notice',
    ...common,
    main_title: { ...main_title, ...(desc ? { desc } : {}) },
    card_image: { url, aspect_ratio: 1.6 },
  };
}

/**
 * The same card with its result: one grey button that cannot be pressed and a fact that says who did what. `label` is the
 * word before the result.
 */
export function renderOutcome(card: Card, outcome: string, label: string, place: WecomPlace): TemplateCard {
  const facts = [
    ...card.facts.filter((fact) => fact.value !== '').slice(0, limits.facts - 1),
    { label, value: outcome },
  ];
  return {
    card_type: 'button_interaction',
    ...commonParts(card, facts, place),
    button_list: buttonsOf(card, place),
    // The platform puts no names here, so that what stands for one would be read as it is.
    replace_text: cutCharacters(nameless(outcome, place.withheld ?? []), limits.button),
  };
}

function commonParts(card: Card, facts: Card['facts'], place: WecomPlace) {
  const named = namer(place.withheld ?? []);
  const list = facts
    .filter((fact) => fact.value !== '')
    .slice(0, limits.facts)
    .map((fact) => ({
      keyname: cutWide(fact.label, limits.label),
      value: named(oneLine(fact.value), limits.value),
    }));
  return {
    source: { desc: cutCharacters(place.source, limits.source), desc_color: 0 },
    main_title: { title: named(oneLine(card.title), limits.title) },
    ...(card.description ? { sub_title_text: named(card.description.trim(), limits.subTitle) } : {}),
    ...(list.length > 0 ? { horizontal_content_list: list } : {}),
    card_action: place.mini ? { type: 2 as const, ...place.mini } : { type: 1 as const, url: place.url },
    task_id: place.taskId,
  };
}

/**
 * Cuts a text, then puts the platform's own mark in the place of whatever stands for a name: it shows the reader the name (id
 * 转译). Names count as one character, because a mark that was cut would be none.
 */
function namer(standIns: readonly StandIn[]): (text: string, limit: number) => string {
  if (standIns.length === 0) return cutCharacters;
  const marks = new Map(standIns.map(({ userid, text }) => [text, `$userName=${userid}$`]));
  const whole = wordsOf(standIns);
  return (text, limit) => {
    const found: string[] = [];
    const held = text.replace(whole, (word) => {
      found.push(marks.get(word) ?? word);
      return placeholder;
    });
    return cutCharacters(held, limit).replaceAll(placeholder, () => found.shift() ?? '');
  };
}

/** The same words with nobody's name, for where the platform shows none. */
function nameless(text: string, standIns: readonly StandIn[]): string {
  if (standIns.length === 0) return text;
  // English names who did it behind what was done: a word that led to the name leads nowhere now.
  return text
    .replace(wordsOf(standIns), '')
    .replace(/(\s+(by|for))+\s*$/, '')
    .trim();
}

function wordsOf(standIns: readonly StandIn[]): RegExp {
  const any = standIns
    .map(({ text }) => text)
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\w.@-])(?:${any.join('|')})(?![\\w.@-])`, 'g');
}

function buttonsOf(card: Card, place: CardPlace) {
  return card.buttons.slice(0, limits.buttons).map((button) => {
    if (Buffer.byteLength(button.action) > maxKeyBytes) throw new RangeError('the action of a button is too long');
    const look = { text: cutCharacters(button.text, limits.button), style: styles[button.style] };
    if (button.opens) return { type: 1 as const, ...look, url: place.url };
    return { type: 0 as const, ...look, key: button.action };
  });
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
