import type { Words } from '@lianke/shared/errors/issue-text';
import { readHtml, writeHtml } from '@lianke/shared/fields/rich-text/html';
import { type FieldDef, systemFieldKeys } from '@lianke/shared/forms/definition';
import { laidField } from '@lianke/shared/forms/layout';
import type { FormLayout, LayoutElement, LayoutItem, LayoutSection } from '@lianke/shared/forms/layout-schema';
import { refusal } from '../../kernel/errors/app-error.js';
import { readsOnly, resolveFilter } from './form-rules.js';
import { fieldOf } from './form-settings.js';

/**
 * Field references become ids; each field stands exactly once, those named nowhere follow in the last section. Words
 * are kept as what a rich text may hold, conditions are checked like those of fields.
 */
export function normalLayout(layout: FormLayout, fields: readonly FieldDef[]): FormLayout {
  const find = (ref: string) => (systemFieldKeys.includes(ref) ? ref : fieldOf(fields, ref)?.id);
  const placed = new Set<string>();
  const sections = layout.sections.map(
    (section): LayoutSection => ({
      ...section,
      ...(section.visibleWhen && {
        visibleWhen: resolveFilter(section.visibleWhen, fields, sectionCondition(section.title || section.tab || '')),
      }),
      items: section.items.flatMap((item): LayoutItem[] => {
        if ('element' in item) return [{ ...item, element: settledElement(item.element, fields, placed) }];
        const id = find(item.field);
        if (!id || placed.has(id)) return [];
        placed.add(id);
        return [{ ...item, field: id }];
      }),
    }),
  );
  const rest = [...fields.map((field) => field.id as string), 'owner']
    .filter((id) => !placed.has(id))
    .map((field) => ({ field, span: 1 }));
  if (rest.length > 0) {
    const last = sections.at(-1);
    if (last) last.items.push(...rest);
    else sections.push({ title: '', columns: 2, items: rest });
  }
  return { sections };
}

function sectionCondition(title: string): Words {
  return { zh: `分组“${title}”的显示条件`, en: `the condition of section "${title}"` };
}

const elementConditions: Record<LayoutElement['kind'], Words> = {
  text: { zh: '说明文字的显示条件', en: 'the condition of the text' },
  divider: { zh: '分割线的显示条件', en: 'the condition of the divider' },
};

function settledElement(element: LayoutElement, fields: readonly FieldDef[], placed: Set<string>): LayoutElement {
  if (placed.has(element.id))
    fault({
      zh: `布局元素的编号“${element.id}”重复`,
      en: `the id "${element.id}" is used by two elements of the layout`,
    });
  placed.add(element.id);
  const content = element.kind === 'text' ? writeHtml(readHtml(element.content)) : element.content.trim().slice(0, 40);
  if (element.kind === 'text' && content === '')
    fault({
      zh: '有一处说明文字没有内容，请写上内容或删除它',
      en: 'a text of the layout is empty; write something or delete it',
    });
  return {
    ...element,
    content,
    ...(element.visibleWhen && {
      visibleWhen: resolveFilter(element.visibleWhen, fields, elementConditions[element.kind]),
    }),
  };
}

/**
 * A layout for a reader of only these fields. Words whose condition looks at a hidden field stay away, since showing or
 * hiding them would tell of it; so does the condition of a section, which the server still asks.
 */
export function readableLayout(layout: FormLayout, ids: ReadonlySet<string>): FormLayout {
  return {
    sections: layout.sections.map(({ visibleWhen, ...section }) => ({
      ...section,
      ...(visibleWhen && readsOnly(visibleWhen, ids) ? { visibleWhen } : {}),
      items: section.items.filter((item) => {
        const ref = laidField(item);
        if (ref !== undefined) return ids.has(ref);
        return !('element' in item) || !item.element.visibleWhen || readsOnly(item.element.visibleWhen, ids);
      }),
    })),
  };
}

function fault(detail: Words): never {
  throw refusal('invalid_definition', detail);
}
