import type { OptionColor } from '@lianke/shared/fields/select/schema';
import { laidField } from '@lianke/shared/forms/layout';
import { fieldsIn } from '@lianke/shared/records/masked';
import { optionOf } from '../fields/plain-values.js';
import { formatField } from '../fields/registry.js';
import { type FormatContext, isEmpty } from '../fields/types.js';
import { fieldOf, stageField, tagField, titleField } from './forms.js';
import { type FormView, isRef, type ReadField, type RecordRow, textsOf } from './record-types.js';

/** The fields of a record's second line: the form's own choice, else stage, money and last contact. */
export function summaryFields(form: FormView): ReadField[] {
  const chosen = form.settings.summaryFields
    .map((key) => fieldOf(form, key))
    .filter((field): field is ReadField => !!field);
  if (chosen.length > 0) return chosen;
  const guess = [
    stageField(form),
    form.fields.find((field) => field.type === 'money'),
    form.fields.find((field) => field.type === 'lastContact'),
    form.fields.find((field) => field.type === 'date' || (field.type === 'datetime' && !field.system)),
    form.fields.find((field) => field.type === 'relation'),
  ].filter((field): field is ReadField => !!field && field.id !== tagField(form)?.id);
  return guess.slice(0, 3);
}

/** 「商务谈判 · 58 万元 · 12 天未联系」: what the tag beside the name says already is left out. */
export function summaryLine(form: FormView, record: RecordRow, context: FormatContext): string {
  const shown = tagField(form)?.id;
  const parts = summaryFields(form)
    .filter((field) => field.id !== shown)
    .map((field) => formatField(field, record.values[field.key], context));
  return parts.filter(Boolean).join(' · ');
}

export function tagOf(form: FormView, record: RecordRow): { label: string; color: OptionColor } | undefined {
  const field = tagField(form);
  return field ? optionOf(field, record.values[field.key]) : undefined;
}

/** All phone numbers of a record that can be called, the main one first; a masked one cannot. */
export function phonesOf(form: FormView, record: RecordRow): string[] {
  return fieldsIn(form.fields, record)
    .filter((field) => field.type === 'phone' && field.masked !== true)
    .flatMap((field) => textsOf(record.values[field.key]));
}

/** Whether a number is there that the reader sees with stars. */
export function hasMaskedPhone(form: FormView, record: RecordRow): boolean {
  return fieldsIn(form.fields, record).some(
    (field) => field.type === 'phone' && field.masked === true && textsOf(record.values[field.key]).length > 0,
  );
}

export function ownerOf(record: RecordRow): string {
  const owner = record.values.owner;
  return isRef(owner) ? owner.label : '';
}

export interface Fact {
  field: ReadField;
  text: string;
}

/** Rights that a flow's node gives in a record's fields, by field key. */
export type NodeRights = Readonly<Record<string, string>>;

/** The form without the fields that a node hides from whoever works on it. */
export function withoutHidden(form: FormView, rights: NodeRights): FormView {
  return { ...form, fields: form.fields.filter((field) => rights[field.key] !== 'hide') };
}

/** Filled fields in the order of the form's layout, system fields last. */
export function factsOf(form: FormView, record: RecordRow, context: FormatContext): Fact[] {
  const title = titleField(form);
  return orderedFields(form)
    .filter(
      (field) =>
        field.id !== title?.id &&
        !['attachment', 'image', 'signature'].includes(field.type) &&
        !isEmpty(record.values[field.key]),
    )
    .map((field) => ({ field, text: formatField(field, record.values[field.key], context) }))
    .filter((fact) => fact.text !== '');
}

/** Fields as the layout lays them; those it does not name follow. */
export function orderedFields(form: FormView): ReadField[] {
  const laid = form.layout.sections
    .flatMap((section) => section.items.map((item) => fieldOf(form, laidField(item))))
    .filter((field): field is ReadField => !!field);
  const seen = new Set(laid.map((field) => field.id));
  return [...laid, ...form.fields.filter((field) => !seen.has(field.id))];
}
