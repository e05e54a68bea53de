import { randomInt } from 'node:crypto';
import type { Words } from '@lianke/shared/errors/issue-text';
import { isDerived } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import {
  type FieldDef,
  type FieldInput,
  type FormLayout,
  type FormSettings,
  formLayout,
  formSettings,
  newFieldId,
  parseFieldConfig,
} from '@lianke/shared/forms/definition';
import type { FieldId } from '@lianke/shared/ids';
import { type AppError, refusal } from '../../kernel/errors/app-error.js';
import { reuseColumns } from './column-pool.js';
import { isReservedKey, keyFromName } from './field-keys.js';
import { resolveLinks } from './form-defaults.js';
import { normalLayout } from './form-layout.js';
import type { FormDefinition } from './form-meta.js';
import { fieldsInRules, resolveFormRules, resolveRules } from './form-rules.js';
import { keptSettings, resolveSettings } from './form-settings.js';
import { resolveFormulas } from './formula-defaults.js';
import { nextSubform } from './subform-definition.js';

const maxFields = 500;

/** What a definition may refer to outside of itself. */
export interface DefinitionWorld {
  formExists(id: string): boolean;
  /** A field of another form by id or key. */
  fieldOf(formId: string, ref: string): FieldDef | undefined;
  /** Ids chosen beforehand for what is new, so that others can refer to it; made here when absent. */
  given?: GivenIds;
}

/** Ids of new fields, by keys: `count` a field of the form, `items/count` one of the rows of its subform `items`. */
export interface GivenIds {
  field(path: string): string | undefined;
  /** Of a new subform: the form of its rows, and the fields that place them. */
  rows(key: string): Pick<SubformConfig, 'formId' | 'parentField' | 'positionField'>;
}

/**
 * The definition that follows from `input`, given what stands now. Fields left out go to `removed` with their data;
 * an input field whose id names a removed one brings it back. Answers `invalid_definition` naming the field at fault.
 */
export function nextDefinition(
  before: FormDefinition | undefined,
  input: { fields?: FieldInput[]; layout?: FormLayout; settings?: FormSettings },
  world: DefinitionWorld,
  now: Date,
  /** The field that may come with another type: its values are converted. */
  converted?: string,
): FormDefinition {
  const fields = input.fields
    ? resolveFormulas(resolveLinks(resolveRules(nextFields(before, input.fields, world, converted)), world))
    : (before?.fields ?? []);
  const ids = new Set(fields.map((field) => field.id));
  const lost = (before?.fields ?? [])
    .filter((field) => !ids.has(field.id))
    .map((field) => ({ ...field, removedAt: now.toISOString() }));
  const removed = [...(before?.removed ?? []).filter((field) => !ids.has(field.id)), ...lost];
  const layout = normalLayout(input.layout ?? before?.layout ?? formLayout.parse({}), fields);
  const kept = () => keptSettings(before?.settings ?? formSettings.parse({}), fields, lost);
  if (!input.settings) refuseLost(before?.settings, lost);
  const settings = resolveFormRules(resolveSettings(input.settings ?? kept(), fields), fields);
  return reuseColumns(before, {
    fields,
    layout,
    settings,
    removed,
    ...(before?.columns && { columns: before.columns }),
    ...(before?.pool && { pool: before.pool }),
  });
}

/** A check that names a field about to go would bind records to what nobody sees. */
function refuseLost(settings: FormSettings | undefined, lost: readonly FieldDef[]): void {
  if (!settings) return;
  const used = fieldsInRules([], settings);
  // Formulas name the rows of a subform by the field that places them.
  const use = (field: FieldDef) => used.get(field.id) ?? used.get(String(field.config.parentField));
  const gone = lost.find(use);
  if (gone)
    fault({
      zh: `字段“${gone.name}”用在${use(gone)?.zh}里，请先改规则再删除`,
      en: `field "${gone.name}" is used in ${use(gone)?.en}; change the rule before you delete it`,
    });
  const set = lost.find((field) => settings.uniqueSets?.some((item) => item.fields.includes(field.id)));
  if (set)
    fault({
      zh: `字段“${set.name}”在不重复的组合里，请先改规则再删除`,
      en: `field "${set.name}" is part of a set that may not repeat; change the rule before you delete it`,
    });
}

function nextFields(
  before: FormDefinition | undefined,
  inputs: FieldInput[],
  world: DefinitionWorld,
  converted?: string,
  /** Key of the subform whose rows they belong to. */
  within?: string,
): FieldDef[] {
  if (inputs.length > maxFields)
    fault({ zh: `最多 ${maxFields} 个字段`, en: `a form has at most ${maxFields} fields` });
  const known = new Map(
    [...(before?.removed ?? []), ...(before?.fields ?? [])].map((field) => [field.id as string, field]),
  );
  const taken = new Set<string>([...known.values(), ...inputs].flatMap((field) => field.key ?? []));
  const names = new Set<string>();
  const keys = new Set<string>();
  return inputs.map((input) => {
    const old = input.id ? known.get(input.id) : undefined;
    if (input.id && !old)
      fault({ zh: `字段“${input.name}”的编号不存在`, en: `field "${input.name}" has an id that does not exist` });
    if (old && old.type !== input.type && old.id !== converted)
      fault({
        zh: `字段“${input.name}”的类型不能直接改为${fieldTypes[input.type].label.zh}，请用“转换类型”`,
        en: `the type of field "${input.name}" cannot be changed to ${fieldTypes[input.type].label.en} directly; use "Convert type"`,
      });
    const encrypted = settledEncryption(input, old, old?.id === converted);
    if (old && input.key && input.key !== old.key)
      fault({ zh: `字段“${input.name}”的标识不能修改`, en: `the key of field "${input.name}" cannot be changed` });
    if (input.key && !old && isReservedKey(input.key))
      fault({
        zh: `字段标识“${input.key}”是系统保留的，请换一个`,
        en: `the field key "${input.key}" is reserved by the system; choose another`,
      });
    const key = old?.key ?? input.key ?? keyFromName(input.name, taken);
    taken.add(key);
    if (keys.has(key)) fault({ zh: `字段标识“${key}”重复`, en: `the field key "${key}" is used twice` });
    if (names.has(input.name))
      fault({ zh: `字段名称“${input.name}”重复`, en: `the field name "${input.name}" is used twice` });
    keys.add(key);
    names.add(input.name);
    const config = parseFieldConfig(input.type, input.config);
    if (!config.ok) throw faultyConfig(input.name, config.detail);
    if (
      input.type !== 'subform' &&
      fieldTypes[input.type].refers === 'record' &&
      !world.formExists(String(config.config.formId))
    )
      fault({
        zh: `字段“${input.name}”关联的表单不存在`,
        en: `the form that field "${input.name}" relates to does not exist`,
      });
    if (input.rules.unique && !fieldTypes[input.type].mayBeUnique)
      fault({
        zh: `字段“${input.name}”的类型不支持唯一`,
        en: `fields of the type of "${input.name}" cannot be unique`,
      });
    const { id: _, encrypted: __, ...rest } = input;
    return {
      ...rest,
      ...(encrypted === undefined ? {} : { encrypted }),
      id:
        old?.id ??
        (world.given?.field(within === undefined ? key : `${within}/${key}`) as FieldId | undefined) ??
        newFieldId((below) => randomInt(below)),
      key,
      config: settledConfig({ ...input, key }, old, config.config, world, converted),
    };
  });
}

/** Whether a field's values are stored encrypted: said when it is made, changed by a conversion. */
function settledEncryption(input: FieldInput, old: FieldDef | undefined, converted: boolean): boolean | undefined {
  const wanted = input.encrypted ?? old?.encrypted;
  if (wanted && !fieldTypes[input.type].mayBeEncrypted)
    fault({
      zh: `字段“${input.name}”不能加密存储：${fieldTypes[input.type].label.zh}不支持`,
      en: `field "${input.name}" cannot be stored encrypted: its type ${fieldTypes[input.type].label.en} does not allow it`,
    });
  if (old && !converted && Boolean(wanted) !== Boolean(old.encrypted))
    fault({
      zh: `字段“${input.name}”已有数据，请用“转换”打开或关闭加密存储`,
      en: `field "${input.name}" already holds data; use "Convert" to switch encrypted storage on or off`,
    });
  // Once encrypted, its history holds values that must be opened ever after.
  return old?.encrypted !== undefined && !wanted ? false : wanted;
}

function settledConfig(
  input: FieldInput & { key: string },
  old: FieldDef | undefined,
  config: FieldDef['config'],
  world: DefinitionWorld,
  converted?: string,
): FieldDef['config'] {
  if (input.type !== 'subform') return withoutResult(input.type, config);
  const nested = (before: FormDefinition | undefined, fields: FieldInput[]) =>
    resolveFormulas(
      resolveLinks(resolveRules(nextFields(before, fields, world, converted, input.key)), world, 'later'),
    );
  return nextSubform(input, old, config, nested, world.given?.rows(input.key)) as unknown as FieldDef['config'];
}

/** The refusal of a field whose settings its type does not know. */
export function faultyConfig(name: string, detail: Words): AppError {
  return refusal('invalid_definition', {
    zh: `字段“${name}”的设置有误：${detail.zh}`,
    en: `settings of field "${name}": ${detail.en}`,
  });
}

function fault(detail: Words): never {
  throw refusal('invalid_definition', detail);
}

/** What a derived field's values are like is found out on publishing, never told. */
function withoutResult(type: FieldInput['type'], config: FieldDef['config']): FieldDef['config'] {
  if (!isDerived(type)) return config;
  const { result: _, ...rest } = config;
  return rest;
}
