import { isAboutNext, nextStepFields } from '@lianke/shared/workbench/visits';
import { optionsOf } from '../fields/plain-values.js';
import type { FormView, ReadField } from './record-types.js';

/** Which field of the follow-up form holds which part of a visit. Parts without a field are not asked for. */
export interface VisitFields {
  customer: ReadField;
  content: ReadField;
  at?: ReadField;
  method?: { field: ReadField; visit: string };
  /** What to do next, in words. */
  plan?: ReadField;
  nextAt?: ReadField;
  place?: ReadField;
  photos?: ReadField;
}

const visitWords = /拜访|上门/;

/** Reads a follow-up form's fields by type and name; undefined when it has no customer or nothing to write into. */
export function visitFields(form: FormView, customerFormId: string): VisitFields | undefined {
  const own = form.fields.filter((field) => !field.system && field.writable);
  const { customer, plan, nextAt } = nextStepFields(form, customerFormId);
  const texts = own.filter((field) => field.type === 'longText' || field.type === 'text');
  const said = texts.filter((field) => !isAboutNext(field));
  const content =
    said.find((field) => /content|summary|notes?$/i.test(field.key)) ??
    said.find((field) => field.type === 'longText') ??
    said[0];
  if (!customer || !content) return undefined;
  const dates = own.filter((field) => field.type === 'datetime' || field.type === 'date');
  const method = own.find(
    (field) => field.type === 'select' && optionsOf(field).some((option) => visitWords.test(option.label)),
  );
  const visit = method && optionsOf(method).find((option) => visitWords.test(option.label));
  return {
    customer,
    content,
    at: dates.find((field) => !isAboutNext(field)),
    method: method && visit ? { field: method, visit: visit.id } : undefined,
    plan,
    nextAt,
    place: own.find((field) => field.type === 'location'),
    photos: own.find((field) => field.type === 'attachment'),
  };
}
