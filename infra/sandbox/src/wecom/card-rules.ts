import { Checker } from './card-checker.js';
import { CARD_TYPES, INTERACTIVE, type TemplateCard } from './card-types.js';
import { WecomError } from './errors.js';
import { bytes, type Json, object, text } from './reader.js';

export interface CheckedCard {
  card: TemplateCard;
  /** Lengths beyond the recommended: the phone folds them, the platform accepts them. */
  warnings: string[];
  /** The card has something whose press is called back, so the app needs a callback URL (43012). */
  needsCallback: boolean;
  /** The answer to the send carries a `response_code`. */
  mintsCode: boolean;
}

function taskId(raw: Json, required: boolean): string | undefined {
  const value = text(raw.task_id, 'task_id');
  if (value === undefined) {
    if (required) throw new WecomError(42014, 'task_id is required');
    return undefined;
  }
  if (!/^[0-9A-Za-z_\-@]+$/.test(value) || bytes(value) > 128)
    throw new WecomError(42014, 'only 0-9 A-Z a-z _ - @, at most 128 bytes');
  return value;
}

/**
 * Checks a template card by the table of WW/90236 and drops what its type does not know. An `update` needs no task id.
 * `fileOf` throws for a file that was not uploaded; without it none can have been.
 * Throws {@link WecomError} with the number of WW/94888 for the part that is wrong.
 */
export function checkCard(value: unknown, use: 'send' | 'update', fileOf?: (mediaId: string) => unknown): CheckedCard {
  const raw = object(value, 'template_card');
  if (!raw) throw new WecomError(40063, 'template_card');
  const type = CARD_TYPES.find((each) => each === raw.card_type);
  if (!type) throw new WecomError(42031, String(raw.card_type ?? ''));
  const check = new Checker(raw, type, fileOf);
  const noticeLike = type === 'text_notice' || type === 'news_notice' || type === 'button_interaction';
  const menu = noticeLike ? check.actionMenu() : undefined;
  const interactive = INTERACTIVE.includes(type);
  const replaceText = text(raw.replace_text, 'replace_text');
  const parts: Partial<TemplateCard> = {
    source: check.source(),
    action_menu: menu,
    main_title: check.mainTitle(),
    card_action: noticeLike ? check.cardAction() : undefined,
    task_id: taskId(raw, use === 'send' && (interactive || menu !== undefined)),
    ...(noticeLike ? { quote_area: check.quoteArea(), horizontal_content_list: check.horizontal() } : {}),
    ...(type === 'text_notice' || type === 'button_interaction' ? { sub_title_text: check.subTitle() } : {}),
    ...(type === 'text_notice' ? { emphasis_content: check.emphasis() } : {}),
    ...(type === 'news_notice' ? { ...check.image(), vertical_content_list: check.vertical() } : {}),
    ...(type === 'text_notice' || type === 'news_notice' ? { jump_list: check.jumps() } : {}),
    ...(type === 'button_interaction'
      ? { button_selection: check.buttonSelection(), button_list: check.buttons() }
      : {}),
    ...(type === 'vote_interaction' ? { checkbox: check.checkbox() } : {}),
    ...(type === 'multiple_interaction' ? { select_list: check.selects() } : {}),
    ...(type === 'vote_interaction' || type === 'multiple_interaction' ? { submit_button: check.submit() } : {}),
    ...(use === 'update' && interactive ? { replace_text: replaceText } : {}),
  };
  const present = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  const callsBack =
    type === 'button_interaction' ? (parts.button_list ?? []).some((button) => button.key !== undefined) : interactive;
  return {
    card: { card_type: type, ...present },
    warnings: check.warnings,
    needsCallback: callsBack || menu !== undefined,
    mintsCode: interactive || menu !== undefined,
  };
}
