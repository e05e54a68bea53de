import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { type LookPart, type LookRule, lookRules, type ViewDef } from '@lianke/shared/forms/views';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { FormMeta } from './form-meta.js';

const partWords: Record<LookPart, Words> = {
  lane: { zh: '分组字段', en: 'the field to group by' },
  sum: { zh: '合计字段', en: 'the field to add up' },
  start: { zh: '开始日期', en: 'the start date' },
  end: { zh: '结束日期', en: 'the end date' },
  cover: { zh: '封面', en: 'the cover' },
  progress: { zh: '进度', en: 'the progress' },
  place: { zh: '位置', en: 'the place' },
  color: { zh: '颜色', en: 'the colour' },
};

/** Types of each part in any kind of view: what a view keeps for another kind must still be of use to it. */
const anyRules = new Map<LookPart, LookRule>();
for (const rules of Object.values(lookRules))
  for (const rule of rules) {
    const known = anyRules.get(rule.part);
    anyRules.set(rule.part, { ...rule, types: [...new Set([...(known?.types ?? []), ...rule.types])], needed: false });
  }

/**
 * Each part of a look takes fields of certain types; a board needs its lanes, a calendar its dates, a map its places.
 * A part that was `before` and whose field is gone by now stands until it is mended.
 */
export function checkLook(form: FormMeta, view: ViewDef, before: readonly string[]): void {
  const own = new Map(lookRules[view.type].map((rule) => [rule.part, rule]));
  for (const [part, any] of anyRules) checkPart(form, view, own.get(part) ?? any, before);
  const start = view.look.start === undefined ? undefined : form.field(view.look.start);
  if (view.type === 'gantt' && start?.typeName === 'dateRange' && view.look.end !== undefined)
    throw refusal('invalid_definition', {
      zh: `视图“${view.name}”的开始日期是日期区间，已含结束日期，请不要再选结束日期`,
      en: `the start date of view "${view.name}" is a date range, which has its end: leave the end date out`,
    });
  for (const { field: ref } of view.look.groups ?? []) {
    const group = form.field(ref);
    if (group && !group.type.groupable)
      throw new AppError('operator_not_allowed', { field: group.name, op: 'groupBy' });
  }
}

function checkPart(form: FormMeta, view: ViewDef, { part, types, needed }: LookRule, before: readonly string[]): void {
  const ref = view.look[part];
  const what = partWords[part];
  const field = ref === undefined ? undefined : form.field(ref);
  if (ref !== undefined && !field && before.includes(ref)) return;
  if (field ? !types.includes(field.typeName) : needed)
    throw refusal('invalid_definition', {
      zh: `视图“${view.name}”的${what.zh}要选${typeWords(types, 'zh')}字段`,
      en: `${what.en} of view "${view.name}" must be a field of type ${typeWords(types, 'en')}`,
    });
  if (field?.cipher)
    throw refusal('invalid_definition', {
      zh: `视图“${view.name}”的${what.zh}不能用加密存储的字段“${field.name}”`,
      en: `${what.en} of view "${view.name}" cannot be field "${field.name}", which is stored encrypted`,
    });
}

function typeWords(types: LookRule['types'], language: 'zh' | 'en'): string {
  return types.map((type) => fieldTypes[type].label[language]).join(language === 'zh' ? '或' : ' or ');
}
