import type { FieldTypeName } from '../fields/registry.js';
import { dateIn, timeIn } from '../time/zone.js';

/** What a new record may hold of the person who makes it, or of the moment. */
export type Preset = 'me' | 'myDepartment' | 'now';

const presets: Partial<Record<FieldTypeName, Preset>> = {
  member: 'me',
  members: 'me',
  department: 'myDepartment',
  departments: 'myDepartment',
  date: 'now',
  datetime: 'now',
  time: 'now',
};

/** The one that a field of this type can hold. */
export const presetOf = (type: FieldTypeName): Preset | undefined => presets[type];

/** The moment as a field of this type holds it, in the company's zone. */
export function momentAs(type: FieldTypeName, zone: string, now: Date): string {
  if (type === 'date') return dateIn(zone, now);
  return type === 'time' ? timeIn(zone, now) : now.toISOString();
}

/** One person or department as a field of this type holds it: by itself, or as a list of one. */
export function alone<T>(type: FieldTypeName, one: T): T | T[] {
  return type === 'members' || type === 'departments' ? [one] : one;
}
