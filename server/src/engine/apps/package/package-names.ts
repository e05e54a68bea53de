import type { OpenItem } from '@lianke/shared/apps/package';
import { refusal } from '../../../kernel/errors/app-error.js';
import { nameOfOpenPlace, openPlaceOf } from './open-places.js';

/** Everything that a package names instead of telling its id. */
const kinds = 'form|field|role|view|flow|dashboard|target|print|member|department|outside';
const tokenPattern = new RegExp(`\\b(${kinds}):(\\\\*)([A-Za-z][A-Za-z0-9]*(?:/[A-Za-z][A-Za-z0-9]*){0,2})`, 'g');
const idPattern = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\bf_[0-9a-z]{10}\b/g;

const nobody = '00000000-0000-0000-0000-000000000000';
const noField = 'f_0000000000';

/**
 * Names of a package and the ids that they stand for in a company, both ways. Any text of a definition may hold them: ids
 * are random, and a text that only looks like a name gets a backslash.
 */
export class PackageNames {
  private readonly ids = new Map<string, string>();
  private readonly tokens = new Map<string, string>();
  private nextPerson = 1;
  private nextOutside = 1;
  /** Where people and departments stand, by their names. */
  readonly open = new Map<string, OpenItem>();

  constructor(known: Readonly<Record<string, string>> = {}) {
    for (const [token, id] of Object.entries(known)) this.set(token, id);
  }

  set(token: string, id: string): void {
    this.ids.set(token, id);
    this.tokens.set(id, token);
    const person = personToken.exec(token);
    if (person) this.nextPerson = Math.max(this.nextPerson, Number(person[2]) + 1);
  }

  /** People and other apps' forms that the app has beside those of the package get other places than the package's. */
  reserve(places: readonly Pick<OpenItem, 'kind' | 'key'>[]): void {
    for (const { kind, key } of places) {
      const person = personToken.exec(`${kind}:${key}`);
      if (person) this.nextPerson = Math.max(this.nextPerson, Number(person[2]) + 1);
      if (kind === 'outside') this.nextOutside = Math.max(this.nextOutside, Number(key.slice(1)) + 1);
    }
  }

  /** A place for a form of another app that has none yet. */
  setOutside(id: string): void {
    if (this.tokens.has(id)) return;
    while (this.ids.has(`outside:o${this.nextOutside}`)) this.nextOutside++;
    this.set(`outside:o${this.nextOutside}`, id);
  }

  id(token: string): string | undefined {
    return this.ids.get(token);
  }

  token(id: string): string | undefined {
    return this.tokens.get(id);
  }

  /** Every name of an id: one form may stand for several of other apps. */
  tokensOf(id: string): string[] {
    return [...this.ids].flatMap(([token, of]) => (of === id ? [token] : []));
  }

  forget(token: string): void {
    const id = this.ids.get(token);
    this.ids.delete(token);
    if (id === undefined || this.tokens.get(id) !== token) return;
    this.tokens.delete(id);
    const [other] = this.tokensOf(id);
    if (other !== undefined) this.tokens.set(id, other);
  }

  /** Names that an app keeps: all but those of fields, which their keys tell. */
  kept(): Record<string, string> {
    return Object.fromEntries([...this.ids].filter(([token]) => !token.startsWith('field:')));
  }

  /**
   * The value with names instead of ids. Members and departments get names of their own and are noted in `open`; ids
   * that mean nothing here become ids of nothing, so that no package tells any.
   */
  encode<Value>(value: Value, people: People, use?: OpenItem['uses'][number]): Value {
    return mapTexts(value, (text) =>
      text
        .replace(tokenPattern, (_, kind: string, slashes: string, rest: string) => `${kind}:\\${slashes}${rest}`)
        .replace(idPattern, (id) => this.nameOf(id, people, use)),
    ) as Value;
  }

  private nameOf(id: string, people: People, use: OpenItem['uses'][number] | undefined): string {
    const known = this.tokens.get(id) ?? this.person(id, people);
    if (!known) return id.startsWith('f_') ? noField : nobody;
    const person = personToken.exec(known);
    if (person) this.note(known, use);
    return known;
  }

  private person(id: string, people: People): string | undefined {
    const place = nameOfOpenPlace(id);
    if (place) return place;
    const kind = people.members.has(id) ? 'member:m' : people.departments.has(id) ? 'department:d' : undefined;
    if (!kind) return undefined;
    const token = `${kind}${this.nextPerson++}`;
    this.set(token, id);
    return token;
  }

  private note(token: string, use: OpenItem['uses'][number] | undefined): void {
    const [kind = 'member', key = ''] = token.split(':');
    const item: OpenItem = this.open.get(token) ?? { kind: kind as 'member' | 'department', key, uses: [] };
    if (use && item.uses.length < 200 && !item.uses.some((other) => other.kind === use.kind && other.name === use.name))
      item.uses.push(use);
    this.open.set(token, item);
  }

  /**
   * The value with ids instead of names. A person or department that nobody named stays an open place; any other name
   * of nothing is refused.
   */
  decode(value: unknown): unknown {
    return mapTexts(value, (text) =>
      text.replace(tokenPattern, (whole, kind: string, slashes: string, rest: string) => {
        if (slashes) return `${kind}:${slashes.slice(1)}${rest}`;
        const id = this.ids.get(whole);
        if (id) return id;
        const person = personToken.exec(whole);
        if (person) return openPlaceOf(person[1] as 'member' | 'department', Number(person[2]));
        throw refusal('invalid_definition', {
          zh: `应用包里没有 ${whole}`,
          en: `the app package does not contain ${whole}`,
        });
      }),
    );
  }

  /** Learns who was put into open places since: the same value as it was, named, and as it is. */
  learn(named: unknown, now: unknown, people: People): void {
    if (typeof named === 'string' && typeof now === 'string') {
      if (personToken.test(named) && !this.ids.has(named) && !this.tokens.has(now))
        if (people.members.has(now) || people.departments.has(now)) this.set(named, now);
    } else if (Array.isArray(named) && Array.isArray(now))
      for (const [index, item] of named.entries()) this.learn(item, now[index], people);
    else if (isObject(named) && isObject(now))
      for (const [key, item] of Object.entries(named)) this.learn(item, now[key], people);
  }
}

export interface People {
  members: { has(id: string): boolean };
  departments: { has(id: string): boolean };
}

/** Every name that stands in a value. */
export function tokensIn(value: unknown): string[] {
  const found = new Set<string>();
  mapTexts(value, (text) => {
    for (const [token, , slashes] of text.matchAll(tokenPattern)) if (!slashes) found.add(token);
    return text;
  });
  return [...found];
}

/** What only whoever installs can name. */
export const placeToken = /^(?:(?:member|department):[md]|outside:o)\d{1,6}$/;

export const personToken = /^(member|department):[md](\d{1,6})$/;

/** Every text of a JSON value changed, names of properties included. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether any of the ids stands anywhere in the value. */
export function mentions(value: unknown, ids: ReadonlySet<string>): boolean {
  if (ids.size === 0 || value === undefined) return false;
  return (JSON.stringify(value).match(idPattern) ?? []).some((id) => ids.has(id));
}
