import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { inputAnswers, recordFormOf } from '@lianke/shared/flows/answers';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { bringsRecord } from '@lianke/shared/flows/triggers';
import type { ValueRef } from '@lianke/shared/flows/values';
import type { TFunction } from 'i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { inputLabel } from './fixed-inputs.js';
import { certainBefore, nodeOf, triggerId } from './graph.js';

/** A record that values may be taken from: the one that started the flow, or one that an earlier node made. */
export interface Source {
  id: string;
  form: FormView;
  /** What the record is called in references: 「客户信息表」. */
  label: string;
  /** Values that belong to no record. */
  loose?: boolean;
}

/** Path of the record itself instead of one of its fields. */
export const selfPath = 'id';

/**
 * What `node` (or the trigger) may refer to. `forms` are all forms of the app; `nameMade` names the record that a node
 * makes. Two records of one name are told apart by a number.
 */
export function sourcesFor(
  def: FlowDefinition,
  forms: readonly FormView[],
  nodeId: string,
  nameMade: (nodeId: string, form: FormView) => string,
): Source[] {
  const formOf = (id: string) => forms.find((form) => form.id === id);
  const sources: Source[] = [];
  const start = bringsRecord(def.trigger) ? formOf(def.trigger.formId) : undefined;
  if (start && nodeId !== triggerId) sources.push({ id: triggerId, form: start, label: start.name });
  for (const id of nodeId === triggerId ? [] : certainBefore(def, nodeId)) {
    const form = formOf(madeFormId(def, id) ?? '');
    if (!form) continue;
    const label = nameMade(id, form);
    const same = sources.filter((source) => source.label === label || source.label.startsWith(`${label}（`)).length;
    sources.push({ id, form, label: same === 0 ? label : `${label}（${same + 1}）` });
  }
  return sources;
}

/** The form of the record that a node made, found or goes over; undefined for nodes that stand for none. */
export function madeFormId(def: FlowDefinition, id: string): string | undefined {
  const node = nodeOf(def, id);
  if (node?.type === 'createRecord' || node?.type === 'upsertRecord' || node?.type === 'findRecords')
    return node.formId;
  if (node?.type === 'fill') return recordFormOf(def, node.target);
  return node?.type === 'loop' ? madeFormId(def, node.over) : undefined;
}

/** A field by id or key. */
export function fieldOf(form: Pick<FormView, 'fields'> | undefined, name: string): ReadField | undefined {
  return form?.fields.find((field) => field.id === name || field.key === name);
}

/** The form that a relation field points at. */
export function relatedForm(field: ReadField, forms: readonly FormView[]): FormView | undefined {
  return field.type === 'relation' ? forms.find((form) => form.id === field.config.formId) : undefined;
}

export interface ResolvedRef {
  source: Source;
  /** The field at the end of the path; undefined when the path is the record itself. */
  field: ReadField | undefined;
  /** The form whose record a path `id` means. */
  form: FormView;
  label: string;
}

/** Follows a reference; undefined when its source or one of its fields is not there. */
export function resolveRef(
  ref: ValueRef,
  sources: readonly Source[],
  forms: readonly FormView[],
): ResolvedRef | undefined {
  const source = sources.find((item) => item.id === ref.source);
  if (!source || ref.path === '') return undefined;
  let form: FormView | undefined = source.form;
  let label = source.label;
  const parts = ref.path.split('.');
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    const last = index === parts.length - 1;
    if (!form) return undefined;
    if (part === selfPath && last) return { source, field: undefined, form, label };
    const field: ReadField | undefined = fieldOf(form, part);
    if (!field) return undefined;
    label += `.${field.name}`;
    if (last) return { source, field, form, label };
    form = relatedForm(field, forms);
  }
  return undefined;
}

/** The same reference by field ids, as the choices name it; stored definitions may name fields by key. */
export function byIds(ref: ValueRef, sources: readonly Source[], forms: readonly FormView[]): ValueRef {
  let form = sources.find((item) => item.id === ref.source)?.form;
  const parts = ref.path.split('.').map((part) => {
    const field: ReadField | undefined = fieldOf(form, part);
    form = field && relatedForm(field, forms);
    return field?.id ?? part;
  });
  return { source: ref.source, path: parts.join('.') };
}

export interface RefChoice {
  ref: ValueRef;
  label: string;
  /** Heading the choice stands under: the source's name, or the relation followed. */
  group: string;
  field: ReadField | undefined;
  form: FormView;
}

/**
 * Every value that may be referred to: each source's fields, then those behind each of its relation fields (one step),
 * and the record itself. `accepts` decides by the field at the end (undefined: the record of `form`).
 */
export function refChoices(
  sources: readonly Source[],
  forms: readonly FormView[],
  accepts: (field: ReadField | undefined, form: FormView) => boolean,
  selfLabel: (sourceLabel: string) => string,
): RefChoice[] {
  const choices: RefChoice[] = [];
  for (const source of sources) {
    if (!source.loose && accepts(undefined, source.form)) {
      const ref = { source: source.id, path: selfPath };
      choices.push({
        ref,
        label: selfLabel(source.label),
        group: source.label,
        field: undefined,
        form: source.form,
      });
    }
    for (const field of source.form.fields) {
      if (!accepts(field, source.form)) continue;
      const ref = { source: source.id, path: field.id };
      choices.push({ ref, label: `${source.label}.${field.name}`, group: source.label, field, form: source.form });
    }
    for (const relation of source.form.fields) {
      const target = relatedForm(relation, forms);
      if (!target) continue;
      const group = `${source.label}.${relation.name}`;
      for (const field of target.fields) {
        if (!accepts(field, target)) continue;
        const ref = { source: source.id, path: `${relation.id}.${field.id}` };
        choices.push({ ref, label: `${group}.${field.name}`, group, field, form: target });
      }
    }
  }
  return choices;
}

export const refKey = (ref: ValueRef): string => `${ref.source}/${ref.path}`;

export function refOfKey(key: string): ValueRef {
  const cut = key.indexOf('/');
  return { source: key.slice(0, cut), path: key.slice(cut + 1) };
}

/** A value that is no record's: an input of the run, or a line of what a node answered. */
export interface LooseValue {
  key: string;
  label: string;
  type: FieldTypeName;
}

/** Values that belong to no record, as a source like the others; undefined when there are none. */
export function looseSource(
  id: string,
  label: string,
  values: readonly LooseValue[],
  forms: readonly FormView[],
): Source | undefined {
  const [pattern] = forms;
  if (!pattern || values.length === 0) return undefined;
  const fields = values.map(
    (value): ReadField =>
      ({
        ...{ id: value.key as ReadField['id'], key: value.key, name: value.label, type: value.type },
        ...{ config: {}, rules: {}, writable: false, system: false },
      }) as ReadField,
  );
  return { id, label, loose: true, form: { ...pattern, id: '' as FormView['id'], name: label, fields } };
}

/** What the run was given when it started. */
export function inputSource(
  def: FlowDefinition,
  forms: readonly FormView[],
  t: TFunction<'flows'>,
): Source | undefined {
  const values = inputAnswers(def).map(
    ({ path, name, type }): LooseValue => ({
      key: path,
      label: inputLabel(t, def.trigger, { key: path, label: name ?? path }),
      type,
    }),
  );
  return looseSource('input', t('start.input'), values, forms);
}
