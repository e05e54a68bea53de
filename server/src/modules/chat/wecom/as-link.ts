import { z } from 'zod';
import { testAction } from '../connection.js';
import { say } from '../texts.js';

const pressable = z.looseObject({
  template_card: z.looseObject({
    card_type: z.literal('button_interaction'),
    source: z.looseObject({ desc: z.string() }),
    card_action: z.looseObject({ type: z.number() }),
    button_list: z.array(z.looseObject({ key: z.string().optional() })),
  }),
});

/**
 * The bytes of the same message without anything to press: its card opens the page, where the decision is made. Null for
 * what has no buttons, and for a test card, which is nothing without its own.
 */
export function asLink(body: string): string | null {
  const read = pressable.safeParse(JSON.parse(body));
  if (!read.success) return null;
  const { template_card: card, ...message } = read.data;
  const { button_list: buttons, button_selection: _choice, ...rest } = card;
  if (buttons.some(({ key }) => key?.startsWith(`${testAction}:`))) return null;
  // The app's own name tells the language that the card is in.
  const language = card.source.desc === say('appName', {}, 'en') ? 'en' : 'zh';
  const jump_list = [{ ...card.card_action, title: say('toHandle', {}, language) }];
  return JSON.stringify({ ...message, template_card: { ...rest, card_type: 'text_notice', jump_list } });
}
