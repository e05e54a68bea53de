import { ApiError } from '@lianke/shared/api/client';
import { isDerived } from '@lianke/shared/fields/derived';
import { renderers } from '../fields/registry.js';
import { rowFields } from '../fields/subform-rows.js';
import { fieldError, isEmpty } from '../fields/types.js';
import { t } from '../i18n/index.js';
import { myDepartments, session, zone } from '../session/session.js';
import { orderedFields } from './facts.js';
import { configOf, type FormView, type ReadField, type Ref, type Values } from './record-types.js';
import { wallClock } from './time.js';

export type FieldErrors = Record<string, string>;

/** Fields a person fills: writable ones with a control. */
export function fillable(form: FormView): ReadField[] {
  return form.fields.filter(
    (field) => field.writable && renderers[field.type]?.Control && (!field.system || field.key === 'owner'),
  );
}

/**
 * Fields computed from others that have something to show while one fills in: those that are `live`, and what others
 * were worth when the record was read.
 */
export function derivedFields(form: FormView, values: Values, live: Values): ReadField[] {
  return orderedFields(form).filter(
    (field) => isDerived(field.type) && (field.key in live || !isEmpty(values[field.key] ?? null)),
  );
}

/** What is wrong before sending, by field key. The server checks again and has the last word. */
export function checkValues(fields: readonly ReadField[], values: Values): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of fields) {
    const value = values[field.key];
    const spaces = typeof value === 'string' && value.trim() === '';
    const blank = spaces || isEmpty(value) || (Array.isArray(value) && value.every((item) => item === ''));
    if (blank || value === undefined) {
      if (field.rules.required) errors[field.key] = fieldError('required');
      continue;
    }
    const problem = renderers[field.type].check?.(value, field);
    if (problem) errors[field.key] = problem;
  }
  return errors;
}

/** Who fills in, and when. */
export interface StartContext {
  me: Ref;
  /** His main department. */
  department: Ref | null;
  now: string;
  today: string;
  /** The time of day. */
  time: string;
}

/** As it is here and now. */
export function startContext(): StartContext {
  const me = session.get().me?.member;
  const now = Date.now();
  const wall = wallClock(zone(), now);
  return {
    me: { id: me?.id ?? '', label: me?.name ?? '' },
    department: myDepartments()[0] ?? null,
    now: new Date(now).toISOString(),
    today: wall.date,
    time: wall.time,
  };
}

/** Values a new record starts with: the form's defaults that a phone can know. */
export function startValues(fields: readonly ReadField[], { me, department, now, today, time }: StartContext): Values {
  const values: Values = {};
  for (const field of fields) {
    const preset = field.default;
    const own = configOf<{ default?: string }>(field).default;
    if (preset?.kind === 'me' || (field.type === 'member' && own === 'me'))
      values[field.key] = field.type === 'members' ? [{ ...me }] : { ...me };
    else if (preset?.kind === 'myDepartment' || (field.type === 'department' && own === 'mine')) {
      if (department) values[field.key] = field.type === 'departments' ? [{ ...department }] : { ...department };
    } else if (preset?.kind === 'literal') values[field.key] = preset.value;
    else if (preset?.kind === 'now')
      values[field.key] = field.type === 'date' ? today : field.type === 'time' ? time : now;
  }
  return values;
}

/** Values a new record of these fields starts with, for the member who is there and now. */
export function freshValues(fields: readonly ReadField[], preset: Values): Values {
  return { ...startValues(fields, startContext()), ...preset };
}

/** Faults in a subform's rows (`items[2].price`) stand under its field. */
export function underFields(found: FieldErrors, fields: readonly ReadField[]): FieldErrors {
  const out: FieldErrors = {};
  for (const [name, reason] of Object.entries(found)) {
    const row = /^(.+)\[(\d+)\]\.(.+)$/.exec(name);
    const field = row && fields.find((item) => item.key === row[1]);
    const inner = field && rowFields(field).find((item) => item.key === row[3]);
    if (field && row)
      out[field.key] ??= t('field.rowFault', { n: Number(row[2]) + 1, name: inner?.name ?? '', reason });
    else out[name] = reason;
  }
  return out;
}

/** What the server says is wrong, by field; undefined when it names no field. */
export function refusedFields(error: unknown): FieldErrors | undefined {
  const refused = error instanceof ApiError ? (error.problem.fields ?? []) : [];
  return refused.length > 0 ? Object.fromEntries(refused.map((item) => [item.field, item.message])) : undefined;
}
