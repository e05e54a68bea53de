import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import { type FieldDef, type FormSettings, systemFields, titleFieldTypes } from '@lianke/shared/forms/definition';
import { AppError } from '../../kernel/errors/app-error.js';

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
  title: { what: '任务标题', types: ['text', 'longText', 'autonumber'] },
  owner: { what: '任务负责人', types: ['member'] },
  due: { what: '任务截止', types: ['date', 'datetime'] },
  done: { what: '任务完成', types: ['switch', 'select'] },
  subject: { what: '任务对象', types: ['relation'] },
} as const satisfies Record<string, { what: string; types: readonly FieldTypeName[] }>;

/**
 * Settings with every reference turned into a field's id. A reference to no field, or to a field of a type that cannot
 * serve, is refused with `invalid_definition`; `fields` of the problem names the setting, such as `settings.task.done`.
 */
export function resolveSettings(settings: FormSettings, fields: readonly FieldDef[]): FormSettings {
  const find = (ref: string, place: string, what: string, types?: readonly FieldTypeName[]): Target => {
    const target = system.get(ref) ?? fieldOf(fields, ref);
    if (!target) throw refusal(place, 'unknown_field', `${what}指的字段“${ref}”不存在`);
    if (place === 'settings.titleField' && fieldOf(fields, ref)?.encrypted)
      throw refusal(place, 'wrong_type', `标题字段“${target.name}”加密存储，不能用作标题`);
    if (types && !types.includes(target.type)) {
      const expected = types.map((type) => fieldTypes[type].label.zh).join('、');
      throw refusal(place, 'wrong_type', `${what}不能用字段“${target.name}”，它应是${expected}`, { expected });
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
      titleField: find(settings.titleField, 'settings.titleField', '标题字段', titleFieldTypes).id,
    }),
    summaryFields: settings.summaryFields.map((ref) => find(ref, 'settings.summaryFields', '摘要字段').id),
    ...(settings.quickFields && {
      quickFields: settings.quickFields.map((ref) => find(ref, 'settings.quickFields', '快速填写的字段').id),
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
      throw refusal(`settings.task.${key}`, 'unknown_field', `字段“${used.name}”正用作${what}，请先换一个字段再删除`);
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
    ? `任务完成的字段“${done.name}”没有选项“${option}”`
    : `任务完成的字段“${done.name}”是下拉框，还要指明哪个选项表示完成`;
  throw refusal('settings.task.doneOption', 'unknown_option', detail, { value: option ?? '' });
}

function refusal(
  field: string,
  code: 'unknown_field' | 'wrong_type' | 'unknown_option',
  detail: string,
  params?: Record<string, string>,
): AppError {
  return new AppError('invalid_definition', { detail }, { fields: [{ field, code, ...(params && { params }) }] });
}
