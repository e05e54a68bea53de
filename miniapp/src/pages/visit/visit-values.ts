import { orderedFields } from '../../data/facts.js';
import { fillable } from '../../data/form-check.js';
import type { FormView, Json, ReadField, Ref, Values } from '../../data/record-types.js';
import type { RecordRules } from '../../data/rules.js';
import { instantOf, wallClock } from '../../data/time.js';
import type { TodoForm } from '../../data/todo-form.js';
import { uuidV7 } from '../../data/uuid.js';
import type { VisitFields } from '../../data/visit-form.js';
import type { Upload } from '../../fields/file-picker.js';
import type { Place } from '../../platform/location.js';
import { zone } from '../../session/session.js';

/** What a person puts in on the page. */
export interface Typed {
  customer: Ref | null;
  content: string;
  plan: string;
  /** Date, or '' for no next step. */
  nextAt: string;
  /** Fields of the follow-up form that are no part of every visit, by key. */
  more: Values;
  /** Of a visit that was kept to be sent: when and where it was. */
  when?: number;
  where?: Visit['place'];
}

/** The ids its records will have: saving again after a lost answer makes nothing twice. */
export interface VisitIds {
  visit: string;
  todo: string;
}

export const newIds = (): VisitIds => ({ visit: uuidV7(), todo: uuidV7() });

export interface Visit extends Typed {
  ids: VisitIds;
  form: FormView;
  fields: VisitFields;
  /** Where the next step becomes a to-do; undefined when the company keeps none. */
  todo: TodoForm | undefined;
  customer: Ref;
  /** Where it was, and how many metres from the customer's address as far as that is known. */
  place: (Place & { distance?: number | undefined }) | undefined;
  uploads: readonly Upload[];
}

/** Next contacts with a time of day are at nine in the morning. */
const nextTime = '09:00';

/** The record of a visit as far as it is filled in. */
export function visitValues(visit: Typed & Pick<Visit, 'fields' | 'place' | 'uploads'>): Values {
  const now = visit.when ?? Date.now();
  const { fields, customer, content, plan, nextAt, more, place, uploads } = visit;
  const values: Values = { ...more, [fields.content.key]: content };
  if (customer) values[fields.customer.key] = { ...customer };
  if (fields.at) {
    values[fields.at.key] = fields.at.type === 'date' ? wallClock(zone(), now).date : new Date(now).toISOString();
  }
  if (fields.method) values[fields.method.field.key] = fields.method.visit;
  if (fields.plan && plan) values[fields.plan.key] = plan;
  if (fields.nextAt && nextAt) {
    values[fields.nextAt.key] = fields.nextAt.type === 'date' ? nextAt : instantOf(zone(), nextAt, nextTime);
  }
  if (fields.place && place) {
    const { distance, ...found } = place;
    values[fields.place.key] = distance === undefined ? { ...found } : { ...found, distance };
  }
  const stored = uploads.flatMap((upload) => (upload.stored ? [{ ...upload.stored }] : []));
  if (fields.photos && stored.length > 0) values[fields.photos.key] = stored;
  return values;
}

/** The fields that the page has a place of its own for, in the order they stand on it. */
export function partsOf(fields: VisitFields): ReadField[] {
  const { customer, place, content, photos, plan, nextAt, at, method } = fields;
  return [customer, place, content, photos, plan, nextAt, at, method?.field].filter((field) => field !== undefined);
}

/** Fields that a person fills and that are no part of every visit. */
export function otherFields(form: FormView, fields: VisitFields): ReadField[] {
  const known = new Set(partsOf(fields).map((field) => field.id));
  const may = new Set(fillable(form).map((field) => field.id));
  return orderedFields(form).filter((field) => may.has(field.id) && !known.has(field.id) && !field.system);
}

/** Of the other fields those that this visit needs: required ones, and those that a condition has brought up. */
export function neededFields(others: readonly ReadField[], rules: RecordRules): ReadField[] {
  return others.filter((field) => {
    const state = rules.stateOf(field);
    if (state && !state.visible) return false;
    return (state ? state.required : field.rules.required === true) || rules.conditional(field);
  });
}

/** What the photos field holds while some of them are still on their way: for checks, not for sending. */
export function withUnsent(values: Values, fields: VisitFields, uploads: readonly Upload[]): Values {
  const { photos } = fields;
  if (!photos || uploads.length === 0) return values;
  const files: Json = uploads.map(({ key, file, stored }) => ({
    ...(stored ?? { id: key, name: file.name, size: file.size, mime: 'image/jpeg' }),
  }));
  return { ...values, [photos.key]: files };
}
