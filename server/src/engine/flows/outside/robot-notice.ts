/** Lengths beyond which a phone folds a card's words (WW/90236), in characters, and how many lines a card has. */
const limits = { title: 36, desc: 44, label: 5, value: 30, lines: 6, words: 160 };

export interface RobotNotice {
  title: string;
  desc?: string;
  facts: readonly { label: string; value: string }[];
  /** What a tap opens. */
  url: string;
}

const lengthOf = (text: string): number => [...text].length;

/**
 * A card on which nothing is pressed, as WeCom's group robots take it (`text_notice`): the facts as lines; null where a
 * phone would fold some of it, so that words are the better message.
 */
export function wecomNotice({ title, desc = '', facts, url }: RobotNotice): object | null {
  const fits =
    title !== '' &&
    lengthOf(title) <= limits.title &&
    lengthOf(desc) <= limits.desc &&
    !/\n/.test(title) &&
    facts.length <= limits.lines &&
    facts.every(
      ({ label, value }) => label !== '' && lengthOf(label) <= limits.label && lengthOf(value) <= limits.value,
    );
  if (!fits) return null;
  return notice({ title, desc, url }, { lines: facts });
}

/** The same for what must be a card: facts that are too long for lines become words, cut where they are still too long. */
export function wecomNoticeCut(whole: RobotNotice & { colon: string }): object {
  const { title, desc = '', facts, url, colon } = whole;
  const exact = wecomNotice(whole);
  if (exact) return exact;
  const words = facts.map(({ label, value }) => `${label}${colon}${value}`).join('\n');
  return notice(
    { title: cut(title, limits.title), desc: cut(desc, limits.desc), url },
    { words: cut(words, limits.words) },
  );
}

function notice(
  { title, desc, url }: { title: string; desc: string; url: string },
  { lines = [], words = '' }: { lines?: RobotNotice['facts']; words?: string },
): object {
  return {
    msgtype: 'template_card',
    template_card: {
      card_type: 'text_notice',
      main_title: { title, ...(desc === '' ? {} : { desc }) },
      ...(words === '' ? {} : { sub_title_text: words }),
      ...(lines.length === 0
        ? {}
        : { horizontal_content_list: lines.map(({ label, value }) => ({ keyname: label, value })) }),
      card_action: { type: 1, url },
    },
  };
}

/** DingTalk's card of a group robot: Markdown with one button below, which opens the page. */
export function dingtalkNotice(notice: { title: string; text: string; open: string; url: string }): object {
  const { title, text, open, url } = notice;
  return { msgtype: 'actionCard', actionCard: { title, text, singleTitle: open, singleURL: url } };
}

const cut = (text: string, most: number): string =>
  lengthOf(text) <= most ? text : `${[...text].slice(0, most - 1).join('')}…`;
