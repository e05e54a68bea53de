import { type CheckedCard, checkCard } from './card-rules.js';
import type { MessageContent } from './card-types.js';
import { WecomError } from './errors.js';
import {
  bytes,
  characters,
  cutBytes,
  cutCharacters,
  int,
  isUrl,
  type Json,
  needText,
  object,
  objects,
  text,
} from './reader.js';

export interface CheckedMessage {
  content: MessageContent;
  warnings: string[];
  taskId: string | null;
  needsCallback: boolean;
  mintsCode: boolean;
}

/** What the checks need to know of the app and the switches. */
export interface MessageRules {
  textCut: 'character' | 'byte';
  miniProgramAppId: string;
  toAll: boolean;
}

const KNOWN_WITH_MEDIA = ['image', 'voice', 'video', 'file', 'mpnews'];

function plain(content: MessageContent, warnings: string[] = []): CheckedMessage {
  return { content, warnings, taskId: null, needsCallback: false, mintsCode: false };
}

function textMessage(raw: Json, rules: MessageRules): CheckedMessage {
  const content = needText(object(raw.text, 'text')?.content, 44004, 'text.content');
  const warnings = bytes(content) > 2048 ? [`text.content 有 ${bytes(content)} 字节，超过 2048 的部分被截断`] : [];
  return plain({ kind: 'text', text: cutBytes(content, 2048, rules.textCut) }, warnings);
}

function markdownMessage(raw: Json, rules: MessageRules): CheckedMessage {
  const content = needText(object(raw.markdown, 'markdown')?.content, 44004, 'markdown.content');
  const warnings = bytes(content) > 2048 ? [`markdown.content 有 ${bytes(content)} 字节，超过 2048 的部分被截断`] : [];
  return plain({ kind: 'markdown', text: cutBytes(content, 2048, rules.textCut) }, warnings);
}

function textCardMessage(raw: Json): CheckedMessage {
  const card = object(raw.textcard, 'textcard') ?? {};
  const title = needText(card.title, 40063, 'textcard.title');
  const description = needText(card.description, 40063, 'textcard.description');
  const url = needText(card.url, 40063, 'textcard.url');
  if (!isUrl(url) || bytes(url) > 2048) throw new WecomError(40058, 'textcard.url');
  const button = text(card.btntxt, 'textcard.btntxt') ?? '详情';
  const warnings = [
    ...(characters(title) > 128 ? ['textcard.title 超过 128 字，被截断'] : []),
    ...(characters(description) > 512 ? ['textcard.description 超过 512 字，被截断'] : []),
    ...(characters(button) > 4 ? ['textcard.btntxt 超过 4 字，被截断'] : []),
  ];
  return plain(
    {
      kind: 'textcard',
      title: cutCharacters(title, 128),
      description: cutCharacters(description, 512),
      url,
      btntxt: cutCharacters(button, 4),
    },
    warnings,
  );
}

function newsMessage(raw: Json, rules: MessageRules): CheckedMessage {
  const list = objects(object(raw.news, 'news')?.articles, 'news.articles');
  if (list.length < 1 || list.length > 8) throw new WecomError(45008, `${list.length}`);
  const articles = list.map((article) => {
    const title = needText(article.title, 40063, 'news.articles.title');
    const pagepath = text(article.pagepath, 'news.articles.pagepath') ?? '';
    if (pagepath) {
      const appid = needText(article.appid, 42030, 'news.articles.appid');
      if (appid !== rules.miniProgramAppId) throw new WecomError(42030, appid);
      if (bytes(pagepath) > 128) throw new WecomError(40058, 'news.articles.pagepath is longer than 128 bytes');
    }
    if (!pagepath && (!isUrl(article.url) || bytes(article.url) > 2048))
      throw new WecomError(40058, 'news.articles.url');
    return {
      title: cutBytes(title, 128, rules.textCut),
      description: cutBytes(text(article.description, 'news.articles.description') ?? '', 512, rules.textCut),
      url: typeof article.url === 'string' ? article.url : '',
      pagepath,
      picurl: text(article.picurl, 'news.articles.picurl') ?? '',
    };
  });
  return plain({ kind: 'news', articles });
}

function miniNoticeMessage(raw: Json, rules: MessageRules): CheckedMessage {
  if (rules.toAll) throw new WecomError(40058, 'miniprogram_notice cannot go to @all');
  const notice = object(raw.miniprogram_notice, 'miniprogram_notice') ?? {};
  const appid = needText(notice.appid, 40063, 'miniprogram_notice.appid');
  if (appid !== rules.miniProgramAppId) throw new WecomError(90208, appid);
  const title = needText(notice.title, 40063, 'miniprogram_notice.title');
  if (characters(title) < 4 || characters(title) > 12)
    throw new WecomError(40058, 'miniprogram_notice.title must have 4 to 12 characters');
  const description = text(notice.description, 'miniprogram_notice.description') ?? '';
  if (description && (characters(description) < 4 || characters(description) > 12)) {
    throw new WecomError(40058, 'miniprogram_notice.description must have 4 to 12 characters');
  }
  const page = text(notice.page, 'miniprogram_notice.page') ?? '';
  if (bytes(page) > 1024) throw new WecomError(40058, 'miniprogram_notice.page');
  const items = objects(notice.content_item, 'miniprogram_notice.content_item');
  if (items.length > 10) throw new WecomError(40058, 'miniprogram_notice.content_item must hold at most 10');
  return plain({
    kind: 'miniprogram_notice',
    title,
    description,
    page,
    emphasisFirst: notice.emphasis_first_item === true,
    items: items.map((item) => {
      const key = needText(item.key, 40063, 'content_item.key');
      const value = needText(item.value, 40063, 'content_item.value');
      if (characters(key) > 10 || characters(value) > 30)
        throw new WecomError(40058, 'content_item key ≤ 10, value ≤ 30');
      return { key, value };
    }),
  });
}

function cardMessage(raw: Json, rules: MessageRules): CheckedMessage {
  const { card, warnings, needsCallback, mintsCode }: CheckedCard = checkCard(raw.template_card, 'send');
  needBound(card, rules.miniProgramAppId);
  return { content: { kind: 'template_card', card }, warnings, taskId: card.task_id ?? null, needsCallback, mintsCode };
}

/** Cards lead into the mini-program that is bound to the app (关联小程序) and into no other. */
export function needBound(card: CheckedCard['card'], miniProgramAppId: string): void {
  const targets = [card.card_action, card.quote_area, ...(card.jump_list ?? [])];
  const foreign = targets.find((target) => target?.appid !== undefined && target.appid !== miniProgramAppId);
  if (foreign) throw new WecomError(42030, foreign.appid);
}

/** The numbers beside the message: a watermark (`safe`, 2 for stored news only) and two that are on or off. */
function checkFlags(raw: Json): void {
  const flags = { safe: raw.msgtype === 'mpnews' ? 2 : 1, enable_id_trans: 1, enable_duplicate_check: 1 };
  for (const [name, most] of Object.entries(flags)) {
    const value = int(raw[name], name) ?? 0;
    if (value < 0 || value > most) throw new WecomError(40058, `${name} ${value}`);
  }
}

/** Checks the part of `message/send` that belongs to `msgtype` (WW/90236). */
export function checkMessage(raw: Json, rules: MessageRules): CheckedMessage {
  checkFlags(raw);
  switch (raw.msgtype) {
    case 'text':
      return textMessage(raw, rules);
    case 'markdown':
      return markdownMessage(raw, rules);
    case 'textcard':
      return textCardMessage(raw);
    case 'news':
      return newsMessage(raw, rules);
    case 'miniprogram_notice':
      return miniNoticeMessage(raw, rules);
    case 'template_card':
      return cardMessage(raw, rules);
    default:
      // Nothing can have been uploaded here, so every media id is unknown.
      if (KNOWN_WITH_MEDIA.includes(String(raw.msgtype))) throw new WecomError(40007);
      throw new WecomError(40008, String(raw.msgtype ?? ''));
  }
}
