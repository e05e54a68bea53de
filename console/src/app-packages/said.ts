import type { LeftItem, OpenItem } from '@lianke/shared/apps/package';
import type { PackagePart } from '@lianke/shared/apps/package-api';
import type { Text } from './i18n.js';

/** What stays behind, as a sentence. */
export function leftText(text: Text, { kind, name, of }: LeftItem): string {
  const what = text(`left_${kind}`, { name });
  return of ? text('leftOf', { of, what }) : what;
}

/** What somebody has to name after installing. */
export function openText(text: Text, { kind, key, name }: OpenItem): string {
  if (kind === 'outside') return text('outside', { name: name ?? key });
  if (kind === 'member' || kind === 'department') return text(kind, { n: key.slice(1) });
  return text(kind, { name: key });
}

/** Where it is used; of many places the first ones. */
export function usesText(text: Text, { uses }: OpenItem): string {
  const places = uses.map((use) => use.name);
  if (places.length <= 5) return text('usedIn', { places: places.join(text('and')) });
  return text('usedInMore', { places: places.slice(0, 3).join(text('and')), n: places.length });
}

const counted = ['form', 'field', 'view', 'flow', 'dashboard', 'role', 'print', 'target'] as const;

/** 2 个表单、11 个字段 … */
export function countsText(text: Text, parts: readonly PackagePart[]): string {
  return counted
    .flatMap((kind) => {
      const n = parts.filter((part) => part.kind === kind).length;
      return n > 0 ? [text(`count_${kind}`, { n })] : [];
    })
    .join(text('and'));
}

/** What a part is called in a list of its kind. */
export function partName(text: Text, part: PackagePart): string {
  if (part.kind === 'app') return text('line_app');
  return ['layout', 'settings', 'duplicates', 'pool'].includes(part.kind) ? text(`kind_${part.kind}`) : part.name;
}
