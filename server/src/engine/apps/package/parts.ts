import type { AppPackage } from '@lianke/shared/apps/package';
import type { PartChange, PartKind } from '@lianke/shared/apps/package-api';
import { sameJson } from '../../same-json.js';
import { contentHash } from './app-ground.js';

/** A part of a package: what is compared, and taken or left, as one. */
export interface Part {
  kind: PartKind;
  name: string;
  /** Name of its form. */
  of: string | null;
  value: unknown;
}
export type Parts = ReadonlyMap<string, Part>;

const nameOf = (value: unknown): string => String((value as { name?: unknown } | null)?.name ?? '');
const keyOf = (value: unknown): string => String((value as { key?: unknown } | null)?.key ?? '');

/** A package's parts by their names in it: `form:customer`, `field:customer/grade`, `layout:customer` … */
export function partsOf(pack: AppPackage): Map<string, Part> {
  const parts = new Map<string, Part>();
  const add = (token: string, kind: PartKind, name: string, value: unknown, of: string | null = null) =>
    parts.set(token, { kind, name, of, value });
  add('app', 'app', pack.name, { icon: pack.icon ?? null, nav: pack.nav ?? null });
  for (const form of pack.forms) {
    const { key, name } = form;
    add(`form:${key}`, 'form', name, { name });
    for (const field of form.fields) add(`field:${key}/${keyOf(field)}`, 'field', nameOf(field), field, name);
    add(`layout:${key}`, 'layout', name, form.layout ?? null, name);
    add(`settings:${key}`, 'settings', name, form.settings ?? null, name);
    if (form.duplicates.length > 0) add(`duplicates:${key}`, 'duplicates', name, form.duplicates, name);
    if (form.pool) add(`pool:${key}`, 'pool', name, form.pool, name);
    for (const { key: view, ...value } of form.views) add(`view:${key}/${view}`, 'view', value.name, value, name);
    for (const { key: print, content, ...value } of form.prints)
      add(`print:${key}/${print}`, 'print', value.name, { ...value, content: contentHash(content) }, name);
  }
  for (const { key, name, forms } of pack.roles) add(`role:${key}`, 'role', name, { name, forms });
  for (const { key, name, definition } of pack.flows) add(`flow:${key}`, 'flow', name, { name, definition });
  for (const { key, name, definition } of pack.dashboards)
    add(`dashboard:${key}`, 'dashboard', name, { name, definition });
  for (const { key, definition } of pack.targets) add(`target:${key}`, 'target', nameOf(definition), definition);
  return parts;
}

/** What stood when the package was last installed: the package's side, and the company's. */
export interface Remembered {
  pack: Readonly<Record<string, unknown>>;
  base: Readonly<Record<string, unknown>>;
}

/**
 * What becomes of a part, of the three that are known: as it was installed, as it is now, and as the package has it.
 * People changed it when it is no longer what was installed; the package changed it when its own side is another.
 */
export function changeOf(
  token: string,
  next: unknown,
  now: Part | undefined,
  { pack, base }: Remembered,
  known: ReadonlySet<string>,
): Exclude<PartChange, 'dropped' | 'blocked'> {
  const installed = token in base;
  if (!now) return installed ? 'gone' : 'create';
  const same = (a: unknown, b: unknown) =>
    now.kind === 'layout' ? sameJson(withoutOwn(a, known), withoutOwn(b, known)) : sameJson(a, b);
  if (same(now.value, next)) return 'same';
  const byPeople = !installed || !same(base[token], now.value);
  const byPackage = !(token in pack) || !sameJson(pack[token], next);
  if (!byPackage) return byPeople ? 'kept' : 'same';
  return byPeople ? 'conflict' : 'update';
}

/** A layout without the places of fields that the package does not know. */
function withoutOwn(layout: unknown, known: ReadonlySet<string>): unknown {
  const { sections = [] } = (layout ?? {}) as { sections?: { items?: { field?: string }[] }[] };
  return sections.map((section) => ({
    ...section,
    items: (section.items ?? []).filter(({ field }) => !field?.startsWith('field:') || known.has(field)),
  }));
}

/** Parts' values alone, as they are remembered. */
export function valuesOf(parts: Parts): Record<string, unknown> {
  return Object.fromEntries([...parts].map(([token, part]) => [token, part.value]));
}
