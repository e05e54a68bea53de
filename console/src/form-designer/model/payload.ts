import type { CascaderOption } from '@lianke/shared/fields/cascader/schema';
import type { SelectOption } from '@lianke/shared/fields/select/schema';
import type { Filter } from '@lianke/shared/filter/ast';
import { parentPrefix } from '@lianke/shared/forms/deciders';
import type { FieldInput, FieldRules, FormLayout, FormSettings } from '@lianke/shared/forms/definition';
import type { LayoutElement, LayoutItem } from '@lianke/shared/forms/layout-schema';
import { asJson, type Json } from '@lianke/shared/json';
import { settleChoices } from './cascader-options.js';
import { type Design, type DesignElement, type DesignField, fieldsInOrder, isNew } from './design.js';
import { settleOptions } from './options.js';
import { innerOf } from './subform.js';

/** What a form is changed to. */
export interface FormPayload {
  name: string;
  fields: FieldInput[];
  layout: FormLayout;
  settings: FormSettings;
}

/** Options of a choice field; empty for every other type. */
export function optionsOf(field: DesignField): SelectOption[] {
  const options = field.config.options;
  return Array.isArray(options) ? (options as SelectOption[]) : [];
}

function renameOption(value: Json, ids: Map<string, string>): Json {
  if (typeof value === 'string') return ids.get(value) ?? value;
  return Array.isArray(value) ? value.map((item) => renameOption(item, ids)) : value;
}

/** @param outer of a subform: how the fields of the form around it are named */
function inputOf(field: DesignField, outer?: IdOf): FieldInput {
  const input: FieldInput = {
    name: field.name.trim(),
    type: field.type,
    config: field.config,
    rules: field.rules,
    ...(field.id ? { id: field.id } : {}),
    ...(field.key ? { key: field.key } : {}),
    ...(field.hint ? { hint: field.hint } : {}),
    ...(field.default ? { default: field.default } : {}),
    ...(field.encrypted ? { encrypted: true } : {}),
  };
  if (field.type === 'subform') {
    const all = innerOf(field);
    const idOf = (uid: string) => {
      if (uid.startsWith(parentPrefix)) {
        const above = outer?.(uid.slice(parentPrefix.length));
        return above && `${parentPrefix}${above}`;
      }
      const found = all.find((inner) => inner.uid === uid);
      return found && (found.id ?? found.name.trim());
    };
    const fields = all.map((inner) => ({ ...inputOf(inner), rules: rulesOf(inner, idOf), ...linkOf(inner, idOf) }));
    input.config = { ...field.config, fields: asJson(fields) };
    return input;
  }
  if (field.type === 'cascader') {
    const choices = settleChoices((field.config.options ?? []) as unknown as CascaderOption[]);
    input.config = { ...field.config, options: asJson(choices) };
    return input;
  }
  if (field.type !== 'select' && field.type !== 'multiSelect') return input;
  const { options, ids } = settleOptions(optionsOf(field));
  input.config = { ...field.config, options: asJson(options) };
  if (field.default?.kind === 'literal') {
    input.default = { kind: 'literal', value: renameOption(field.default.value, ids) };
  }
  return input;
}

/**
 * The body that publishes a design. `idOf` answers how layout and settings name a field by its `uid`; fields without an
 * answer are left out of both.
 */
export function payloadOf(design: Design, idOf: (uid: string) => string | undefined): FormPayload {
  const settings: FormSettings = {
    summaryFields: design.settings.summaryFields.flatMap((uid) => idOf(uid) ?? []).slice(0, 3),
  };
  const titleField = design.settings.titleField && idOf(design.settings.titleField);
  if (titleField) settings.titleField = titleField;
  if (design.settings.notice?.trim()) settings.notice = design.settings.notice.trim();
  const quick = (design.settings.quickFields ?? []).flatMap((uid) => idOf(uid) ?? []);
  if (quick.length > 0) settings.quickFields = quick;
  if (design.settings.icon) settings.icon = design.settings.icon;
  if (design.settings.group?.trim()) settings.group = design.settings.group.trim();
  Object.assign(settings, formRulesOf(design, idOf));
  const task = taskOf(design, idOf);
  if (task) settings.task = task;
  return {
    name: design.name.trim(),
    fields: fieldsInOrder(design).map((field) => ({
      ...inputOf(field, idOf),
      rules: rulesOf(field, idOf),
      ...linkOf(field, idOf),
    })),
    layout: {
      sections: design.sections.map((section) => ({
        title: section.title.trim(),
        columns: section.columns,
        ...(section.tab?.trim() ? { tab: section.tab.trim() } : {}),
        ...(section.visibleWhen ? { visibleWhen: namedFilter(section.visibleWhen, idOf) } : {}),
        items: section.items.flatMap((item): LayoutItem[] => {
          const element = design.elements?.[item.field];
          if (element) return [{ element: elementOf(element, idOf), span: item.span }];
          const field = idOf(item.field);
          return field ? [{ field, span: item.span }] : [];
        }),
      })),
    },
    settings,
  };
}

type IdOf = (uid: string) => string | undefined;

/** A name without an answer stays as it is: the server then says whose rule is at fault. */
export function namedFilter(filter: Filter, idOf: IdOf): Filter {
  if ('and' in filter) return { and: filter.and.map((part) => namedFilter(part, idOf)) };
  if ('or' in filter) return { or: filter.or.map((part) => namedFilter(part, idOf)) };
  if ('not' in filter) return { not: namedFilter(filter.not, idOf) };
  return { ...filter, field: idOf(filter.field) ?? filter.field };
}

function elementOf({ uid, visibleWhen, ...rest }: DesignElement, idOf: IdOf): LayoutElement {
  return { id: uid, ...rest, ...(visibleWhen ? { visibleWhen: namedFilter(visibleWhen, idOf) } : {}) };
}

/** A linkage names fields of its own form by `uid`. */
function linkOf(field: DesignField, idOf: IdOf): Pick<FieldInput, 'default'> {
  const link = field.default;
  if (link?.kind !== 'linked') return {};
  return { default: { ...link, match: link.match.map((pair) => ({ ...pair, own: idOf(pair.own) ?? pair.own })) } };
}

function rulesOf({ rules }: DesignField, idOf: IdOf): FieldRules {
  const { visibleWhen, requiredWhen, readonlyWhen, optionsBy, pickBy, ...rest } = rules;
  return {
    ...rest,
    ...(visibleWhen ? { visibleWhen: namedFilter(visibleWhen, idOf) } : {}),
    ...(requiredWhen ? { requiredWhen: namedFilter(requiredWhen, idOf) } : {}),
    ...(readonlyWhen ? { readonlyWhen: namedFilter(readonlyWhen, idOf) } : {}),
    ...(optionsBy ? { optionsBy: { ...optionsBy, field: idOf(optionsBy.field) ?? optionsBy.field } } : {}),
    ...(pickBy ? { pickBy: pickBy.map((rule) => ({ ...rule, by: idOf(rule.by) ?? rule.by })) } : {}),
  };
}

function formRulesOf({ settings }: Design, idOf: IdOf): Pick<FormSettings, 'checks' | 'uniqueSets' | 'hiddenValues'> {
  const { checks, uniqueSets, hiddenValues } = settings;
  return {
    ...(checks?.length
      ? {
          checks: checks.map((check) => ({
            ...(check.must ? { must: namedFilter(check.must, idOf) } : {}),
            ...(check.formula === undefined ? {} : { formula: check.formula.trim() }),
            message: check.message.trim(),
            ...(check.field ? { field: idOf(check.field) ?? check.field } : {}),
          })),
        }
      : {}),
    ...(uniqueSets?.length
      ? { uniqueSets: uniqueSets.map((set) => ({ fields: set.fields.map((uid) => idOf(uid) ?? uid) })) }
      : {}),
    ...(hiddenValues ? { hiddenValues } : {}),
  };
}

function taskOf(design: Design, idOf: (uid: string) => string | undefined): FormSettings['task'] {
  const task = design.settings.task;
  if (!task) return undefined;
  const title = idOf(task.title);
  const done = idOf(task.done);
  if (!title || !done) return undefined;
  const due = task.due && idOf(task.due);
  const subject = task.subject && idOf(task.subject);
  const doneField = design.fields[task.done];
  const doneOption =
    task.doneOption && doneField
      ? (settleOptions(optionsOf(doneField)).ids.get(task.doneOption) ?? task.doneOption)
      : '';
  return {
    title,
    done,
    owner: idOf(task.owner) ?? 'owner',
    ...(doneOption ? { doneOption } : {}),
    ...(due ? { due } : {}),
    ...(subject ? { subject } : {}),
    ...(task.remind === false ? { remind: false } : {}),
  };
}

/** How fields are named before publishing: by id, a new one by its name unless that is taken as another's id or key. */
export function draftNames(design: Design): (uid: string) => string | undefined {
  const taken = new Set(Object.values(design.fields).flatMap((field) => [field.id as string, field.key ?? '']));
  return (uid) => {
    const field = design.fields[uid];
    if (!field) return undefined;
    const name = field.name.trim();
    return field.id ?? (taken.has(name) ? undefined : name);
  };
}

/**
 * Ids after the fields were written: the answer lists the form's own fields in the order in which they were sent, so a
 * new field is the one with its name that was not there before.
 */
export function writtenIds(
  design: Design,
  written: readonly { id: string; name: string; type: string; system?: boolean | undefined }[],
): (uid: string) => string | undefined {
  const known = new Set(Object.values(design.fields).map((field) => field.id as string | undefined));
  const fresh = written.filter((field) => !field.system && !known.has(field.id));
  const ids = new Map<string, string>();
  for (const field of fieldsInOrder(design)) {
    if (!isNew(field)) continue;
    const index = fresh.findIndex((item) => item.name === field.name.trim() && item.type === field.type);
    const [found] = index < 0 ? [] : fresh.splice(index, 1);
    if (found) ids.set(field.uid, found.id);
  }
  return (uid) => design.fields[uid]?.id ?? ids.get(uid);
}
