import type { AppPackage, ThroughParts } from '@lianke/shared/apps/package';
import { type FieldName, mentioned } from '../../forms/uses/mentions.js';
import { sameJson } from '../../same-json.js';
import { lackingOptions, type OptionsHere, withOptionsHere } from './outside-options.js';
import { isObject, type PackageNames, tokensIn } from './package-names.js';

/** Something that the whole parts have and the package's own lack: an entry of a list, or a property. */
export interface Piece {
  /** The properties that lead to it. */
  props: readonly string[];
  /** What they belong to, outermost first. */
  within: readonly Record<string, unknown>[];
  value: unknown;
}

type Own = Pick<AppPackage, keyof ThroughParts>;
/** What is put in a piece's place; undefined leaves it off. */
type Take = (piece: Piece) => unknown;

/** The package with every piece put back that names only what is there; each may make room for others. */
export function restored(pack: AppPackage, names: PackageNames, options: OptionsHere): AppPackage {
  const { through } = pack;
  if (!through) return pack;
  let own: Own = pack;
  for (let before: Own | undefined; before === undefined || !sameJson(before, own); ) {
    before = own;
    const there = whatIsThere(own, through, names, options);
    own = put(own, through, ({ props, value }) => {
      const taken = there.comes(value)
        ? value
        : props[0] === 'forms' && props.at(-1) === 'fields'
          ? core(value)
          : undefined;
      return there.comes(taken) ? withOptionsHere(taken, options) : undefined;
    });
  }
  return { ...pack, ...own };
}

/** A field without what it can be without; that is a piece of its own as soon as the field is there. */
function core(raw: unknown): unknown {
  if (!isObject(raw) || !isObject(raw.rules)) return raw;
  const { default: _, config, ...field } = raw;
  const rules = Object.fromEntries(Object.entries(raw.rules).filter(([, rule]) => tokensIn(rule).length === 0));
  return {
    ...field,
    rules,
    config: isObject(config) && Array.isArray(config.fields) ? { ...config, fields: [] } : config,
  };
}

/** Every piece, whether or not it comes. */
export function piecesOf(pack: Own, through: ThroughParts): Piece[] {
  const found: Piece[] = [];
  put(pack, through, (piece) => void found.push(piece));
  return found;
}

/** What a package names that is there, when its forms have the fields that they have. */
export function whatIsThere(own: Own, through: ThroughParts, names: PackageNames, options: OptionsHere) {
  const known = tokensOf(own);
  for (const { key } of through.roles) known.add(`role:${key}`);
  const absent = [...tokensOf(through)]
    .filter((token) => token.startsWith('field:') && !known.has(token))
    .map((id): FieldName => {
      const [, subform = '', column] = id.split('/');
      if (column === undefined) return { id, key: subform };
      return { id, key: column, within: { id: id.slice(0, id.lastIndexOf('/')), key: subform } };
    });
  const is = (token: string) => {
    const [kind = ''] = token.split(':');
    if (kind === 'member' || kind === 'department') return true;
    return known.has(token) || ((kind === 'outside' || kind === 'role') && names.id(token) !== undefined);
  };
  return {
    is,
    comes: (value: unknown) =>
      tokensIn(value).every(is) && mentioned(value, absent).length === 0 && lackingOptions(value, options).length === 0,
  };
}

function put(own: Own, through: ThroughParts, take: Take): Own {
  const { forms, roles, flows, dashboards, targets } = own;
  // The parts keep their shapes: whatever is added is an entry of the other side, which has the same.
  return merged({ forms, roles, flows, dashboards, targets }, through, { props: [], within: [] }, take) as Own;
}

function merged(own: unknown, whole: unknown, at: Omit<Piece, 'value'>, take: Take): unknown {
  if (own === null && whole !== null) return take({ ...at, value: whole }) ?? null;
  if (Array.isArray(own) && Array.isArray(whole)) return mergedList(own, whole, at, take);
  if (!isObject(own) || !isObject(whole)) return own;
  const within = [...at.within, whole];
  const inner = (prop: string) => ({ props: [...at.props, prop], within });
  const kept = Object.entries(own).map(([prop, value]) => [
    prop,
    Object.hasOwn(whole, prop) ? merged(value, whole[prop], inner(prop), take) : value,
  ]);
  const added = Object.entries(whole).flatMap(([prop, value]) => {
    if (value === undefined || Object.hasOwn(own, prop)) return [];
    // The property's name may itself name a field.
    const taken = take({ ...inner(prop), value: { [prop]: value } });
    return isObject(taken) ? Object.entries(taken) : [];
  });
  return Object.fromEntries([...kept, ...added]);
}

/** In the order of the whole list; what only the own one has stays after what it follows there. */
function mergedList(own: readonly unknown[], whole: readonly unknown[], at: Omit<Piece, 'value'>, take: Take) {
  const out: unknown[] = [];
  let next = 0;
  for (const entry of whole) {
    const found = own.findIndex((item, index) => index >= next && isSame(item, entry));
    if (found >= 0) {
      out.push(...own.slice(next, found), merged(own[found], entry, at, take));
      next = found + 1;
    } else if (![...own, ...out].some((item) => isSame(item, entry))) {
      const taken = take({ ...at, value: entry });
      if (taken !== undefined) out.push(taken);
    }
  }
  return [...out, ...own.slice(next)];
}

const identities = ['key', 'id', 'field', 'item'];

/** Whether an entry is the other one, maybe with less in it. */
function isSame(own: unknown, whole: unknown): boolean {
  if (!isObject(own) || !isObject(whole)) return sameJson(own, whole);
  const identity = identities.find((prop) => Object.hasOwn(own, prop) && Object.hasOwn(whole, prop));
  return identity === undefined ? isPartOf(own, whole) : own[identity] === whole[identity];
}

function isPartOf(own: unknown, whole: unknown): boolean {
  if (own === null) return true;
  if (Array.isArray(own) && Array.isArray(whole)) {
    let next = 0;
    for (const entry of whole) if (next < own.length && isSame(own[next], entry)) next++;
    return next === own.length;
  }
  if (!isObject(own) || !isObject(whole)) return own === whole;
  return Object.entries(own).every(([prop, value]) => value === undefined || isPartOf(value, whole[prop]));
}

/** Names of everything that parts hold, fields of rows and what places these included. */
function tokensOf({ forms, roles, flows, dashboards, targets }: Own | ThroughParts): Set<string> {
  const found = new Set<string>();
  for (const { key, fields, views, ...form } of forms) {
    found.add(`form:${key}`);
    for (const view of views) found.add(`view:${key}/${view.key}`);
    for (const print of 'prints' in form ? form.prints : []) found.add(`print:${key}/${print.key}`);
    for (const raw of fields) {
      if (!isObject(raw)) continue;
      const place = `${key}/${String(raw.key)}`;
      found.add(`field:${place}`);
      if (raw.type !== 'subform' || !isObject(raw.config) || !Array.isArray(raw.config.fields)) continue;
      found.add(`form:${place}`);
      for (const row of ['parent', 'position', ...raw.config.fields.map((item) => (isObject(item) ? item.key : ''))])
        found.add(`field:${place}/${String(row)}`);
    }
  }
  for (const { key } of roles) found.add(`role:${key}`);
  for (const { key } of flows) found.add(`flow:${key}`);
  for (const { key } of dashboards) found.add(`dashboard:${key}`);
  for (const { key } of targets) found.add(`target:${key}`);
  return found;
}
