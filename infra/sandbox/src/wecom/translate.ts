import type { MessageContent, TemplateCard } from './card-types.js';
import { memberAs } from './ids.js';
import type { App, Corp } from './world.js';

/** Replaces `$userName=ID$`, `$userAlias=ID$`, `$userAliasOrName=ID$` and `$departmentName=ID$`; unknown ids stay as they are. */
export function translateIds(corp: Corp, app: App, value: string): string {
  return value.replace(
    /\$(userName|userAlias|userAliasOrName|departmentName)=([^$]+)\$/g,
    (whole, kind: string, id: string) =>
      kind === 'departmentName'
        ? (corp.departments.get(Number(id))?.name ?? whole)
        : (memberAs(corp, app, id)?.name ?? whole),
  );
}

/** The same in the fields of a card where the platform translates (WW/90236 id 转译). */
export function translateCard(corp: Corp, app: App, card: TemplateCard): TemplateCard {
  const t = (value: string): string => translateIds(corp, app, value);
  const copy = structuredClone(card);
  if (copy.source?.desc) copy.source.desc = t(copy.source.desc);
  if (copy.main_title?.title) copy.main_title.title = t(copy.main_title.title);
  if (copy.main_title?.desc) copy.main_title.desc = t(copy.main_title.desc);
  if (copy.sub_title_text) copy.sub_title_text = t(copy.sub_title_text);
  for (const item of copy.horizontal_content_list ?? []) if (item.value) item.value = t(item.value);
  return copy;
}

/** The same for a whole message. */
export function translateContent(corp: Corp, app: App, content: MessageContent): MessageContent {
  const t = (value: string): string => translateIds(corp, app, value);
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
      return { ...content, card: translateCard(corp, app, content.card) };
    default:
      return content;
  }
}
