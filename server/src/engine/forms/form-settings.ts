import type { Words } from '@lianke/shared/errors/issue-text';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import { type FieldDef, type FormSettings, systemFields, titleFieldTypes } from '@lianke/shared/forms/definition';
import { type AppError, refusal } from '../../kernel/errors/app-error.js';

/** What a reference of the settings points at: a field of the form or one that every form has. */
interface Target {
  id: string;
  name: string;
  type: FieldTypeName;
  config: Record<string, unknown>;
}

const system = new Map<string, Target>(
  systemFields.map(({ key, zh, type }) => [key, { id: key, name: zh, type, config: {} }]),
);

/** Each reference of a task mapping: its name on screen, and the types that can serve. */
const taskParts = {
  title: { what: { zh: '任务标题', en: 'the title of a task' }, types: ['text', 'longText', 'autonumber'] },
  owner: { what: { zh: '任务负责人', en: 'the owner of a task' }, types: ['member'] },
  due: { what: { zh: '任务截止', en: 'the due date of a task' }, types: ['date', 'datetime'] },
  done: { what: { zh: '任务完成', en: 'what says that a task is done' }, types: ['switch', 'select'] },
  subject: { what: { zh: '任务对象', en: 'what a task is about' }, types: ['relation'] },
} as const satisfies Record<string, { what: Words; types: readonly FieldTypeName[] }>;

/**
 * Settings with every reference turned into a field's id. A reference to no field, or to a field of a type that cannot
 * serve, is refused with `invalid_definition`; `fields` of the problem names the setting, such as `settings.task.done`.
 */
export function resolveSettings(settings: FormSettings, fields: readonly FieldDef[]): FormSettings {
  const find = (ref: string, place: string, what: Words, types?: readonly FieldTypeName[]): Target => {
    const target = system.get(ref) ?? fieldOf(fields, ref);
    if (!target)
      throw faulty(place, 'unknown_field', {
        zh: `${what.zh}指的字段“${ref}”不存在`,
        en: `${what.en}: there is no field "${ref}"`,
      });
    if (place === 'settings.titleField' && fieldOf(fields, ref)?.encrypted)
      throw faulty(place, 'wrong_type', {
        zh: `标题字段“${target.name}”加密存储，不能用作标题`,
        en: `field "${target.name}" is stored encrypted and cannot be the title`,
      });
    if (types && !types.includes(target.type)) {
      const expected = types.map((type) => fieldTypes[type].label.zh).join('、');
      throw faulty(
        place,
        'wrong_type',
        {
          zh: `${what.zh}不能用字段“${target.name}”，它应是${expected}`,
          en: `${what.en} cannot be field "${target.name}"; it must be of type ${types.map((type) => fieldTypes[type].label.en).join(' or ')}`,
        },
        { expected },
      );
    }
    return target;
  };
  const task = settings.task;
  const part = (key: keyof typeof taskParts, ref: string) =>
    find(ref, `settings.task.${key}`, taskParts[key].what, taskParts[key].types);
  const done = task && part('done', task.done);
  if (done) requireDoneOption(done, task.doneOption);
  return {
    ...settings,
    ...(settings.titleField !== undefined && {
      titleField: find(
        settings.titleField,
        'settings.titleField',
        { zh: '标题字段', en: 'the title field' },
        titleFieldTypes,
      ).id,
    }),
    summaryFields: settings.summaryFields.map(
      (ref) => find(ref, 'settings.summaryFields', { zh: '摘要字段', en: 'a summary field' }).id,
    ),
    ...(settings.quickFields && {
      quickFields: settings.quickFields.map(
        (ref) =>
          find(ref, 'settings.quickFields', { zh: '快速填写的字段', en: 'a field to fill in first on phones' }).id,
      ),
    }),
    ...(task && {
      task: {
        ...task,
        title: part('title', task.title).id,
        owner: part('owner', task.owner).id,
        ...(task.due && { due: part('due', task.due).id }),
        done: done?.id ?? task.done,
        ...(task.subject && { subject: part('subject', task.subject).id }),
      },
    }),
  };
}

/**
 * Settings nobody sent, kept while the fields change: a title or summary field that is gone gives way to the default. A
 * task form that loses a field of its mapping would lose its to-dos, so that is refused by {@link resolveSettings}.
 */
export function keptSettings(
  settings: FormSettings,
  fields: readonly FieldDef[],
  lost: readonly FieldDef[],
): FormSettings {
  const stands = (ref: string) => system.has(ref) || fieldOf(fields, ref) !== undefined;
  for (const [key, { what }] of Object.entries(taskParts)) {
    const used = lost.find((field) => field.id === settings.task?.[key as keyof typeof taskParts]);
    if (used)
      throw faulty(`settings.task.${key}`, 'unknown_field', {
        zh: `字段“${used.name}”正用作${what.zh}，请先换一个字段再删除`,
        en: `field "${used.name}" is used as ${what.en}; choose another field for that before you delete it`,
      });
  }
  const { titleField, ...rest } = settings;
  return {
    ...rest,
    ...(titleField !== undefined && stands(titleField) && { titleField }),
    summaryFields: settings.summaryFields.filter(stands),
    ...(settings.quickFields && { quickFields: settings.quickFields.filter(stands) }),
  };
}

/** A field by id or key, or by its name: a field sent without a key has no other reference yet. */
export function fieldOf(fields: readonly FieldDef[], ref: string): FieldDef | undefined {
  return fields.find((field) => field.id === ref || field.key === ref) ?? fields.find((field) => field.name === ref);
}

/** Of several options one must be the one that means done. */
function requireDoneOption(done: Target, option: string | undefined): void {
  if (done.type !== 'select') return;
  const options = (done.config.options ?? []) as { id: string }[];
  if (options.some(({ id }) => id === option)) return;
  const detail = option
    ? {
        zh: `任务完成的字段“${done.name}”没有选项“${option}”`,
        en: `field "${done.name}", which says that a task is done, has no option "${option}"`,
      }
    : {
        zh: `任务完成的字段“${done.name}”是下拉框，还要指明哪个选项表示完成`,
        en: `field "${done.name}", which says that a task is done, is a select; choose the option that means done`,
      };
  throw faulty('settings.task.doneOption', 'unknown_option', detail, { value: option ?? '' });
}

function faulty(
  field: string,
  code: 'unknown_field' | 'wrong_type' | 'unknown_option',
  words: Words,
  params?: Record<string, string>,
): AppError {
  return refusal('invalid_definition', words, {}, { fields: [{ field, code, ...(params && { params }) }] });
}
