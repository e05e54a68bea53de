import type { MessageContent, TemplateCard } from './card-types.js';
import { type Corp, findMember } from './world.js';

/** Replaces `$userName=ID$`, `$userAlias=ID$`, `$userAliasOrName=ID$` and `$departmentName=ID$`; unknown ids stay as they are. */
export function translateIds(corp: Corp, value: string): string {
  return value.replace(
    /\$(userName|userAlias|userAliasOrName|departmentName)=([^$]+)\$/g,
    (whole, kind: string, id: string) =>
      kind === 'departmentName'
        ? (corp.departments.get(Number(id))?.name ?? whole)
        : (findMember(corp, id)?.name ?? whole),
  );
}

/** The same in the fields of a card where the platform translates (WW/90236 id 转译). */
export function translateCard(corp: Corp, card: TemplateCard): TemplateCard {
  const t = (value: string): string => translateIds(corp, value);
  const copy = structuredClone(card);
  if (copy.source?.desc) copy.source.desc = t(copy.source.desc);
  if (copy.main_title?.title) copy.main_title.title = t(copy.main_title.title);
  if (copy.main_title?.desc) copy.main_title.desc = t(copy.main_title.desc);
  if (copy.sub_title_text) copy.sub_title_text = t(copy.sub_title_text);
  for (const item of copy.horizontal_content_list ?? []) if (item.value) item.value = t(item.value);
  return copy;
}

/** The same for a whole message. */
export function translateContent(corp: Corp, content: MessageContent): MessageContent {
  const t = (value: string): string => translateIds(corp, value);
  switch (content.kind) {
    case 'text':
      return { ...content, text: t(content.text) };
    case 'textcard':
      return { ...content, title: t(content.title), description: t(content.description) };
    case 'news':
      return {
        ...content,
        articles: content.articles.map((item) => ({ ...item, title: t(item.title), description: t(item.description) })),
      };
    case 'miniprogram_notice':
      return {
        ...content,
        title: t(content.title),
        description: t(content.description),
        items: content.items.map((item) => ({ ...item, value: t(item.value) })),
      };
    case 'template_card':
      return { ...content, card: translateCard(corp, content.card) };
    default:
      return content;
  }
}
