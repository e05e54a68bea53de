import type { AppPackage } from '@lianke/shared/apps/package';
import type { ThroughItem } from '@lianke/shared/apps/package-api';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { TenantForms } from '../../forms/form-registry.js';
import { lackingOptions, type OptionsHere, optionsHere } from './outside-options.js';
import { readable, relatedForm } from './outside-places.js';
import { type PackageNames, tokensIn } from './package-names.js';
import { type Piece, piecesOf, whatIsThere } from './restore.js';
import { labelOf } from './through-labels.js';

type Place = AppPackage['outside'][number];

/**
 * Names the fields of the chosen forms that stand for those of the package's other apps: of the same type, and with the same
 * key or else the same name. Answers which of their options stand for which.
 */
export function bindFields(names: PackageNames, places: readonly Place[], forms: TenantForms): OptionsHere {
  const options = new Map<string, ReturnType<typeof optionsHere>>();
  for (const { key, fields } of places) {
    const form = forms.get(names.id(`outside:${key}`) ?? '');
    if (!form) continue;
    for (const field of fields) {
      const token = `outside:${key}/${field.key}`;
      const found = form.field(names.id(token) ?? '') ?? standingFor(field, form, names);
      if (!found) continue;
      if (names.id(token) === undefined) names.set(token, found.id);
      if (field.options) options.set(token, optionsHere(field, found));
    }
  }
  return options;
}

function standingFor(
  { key, name, type, to }: Place['fields'][number],
  form: FormMeta,
  names: PackageNames,
): FieldMeta | undefined {
  const able = readable(form).filter(
    (field) => field.typeName === type && !field.cipher && (to === undefined || relatedForm(field) === names.id(to)),
  );
  return able.find((field) => field.key === key) ?? able.find((field) => field.name === name);
}

/** What of a package relates to other apps' forms, whether it comes, and what is missing for it. */
export function throughItems(
  file: AppPackage,
  pack: AppPackage,
  names: PackageNames,
  options: OptionsHere,
): ThroughItem[] {
  const { through, open, outside } = file;
  if (!through) return [];
  const there = whatIsThere(pack, through, names, options);
  const items = new Map<string, ThroughItem>();
  const itemOf = (piece: Piece): ThroughItem | undefined => {
    const label = labelOf(piece, through);
    if (!label) return undefined;
    const id = JSON.stringify(label);
    const item = items.get(id) ?? { ...label, comes: true, unnamed: [], lacks: [] };
    items.set(id, item);
    return item;
  };
  for (const piece of piecesOf(file, through)) itemOf(piece);
  // What a part that comes is without is a piece of its own by now.
  for (const piece of piecesOf(pack, through)) {
    const item = itemOf(piece);
    if (!item) continue;
    item.comes = false;
    const lacking = tokensIn(piece.value).filter((token) => token.startsWith('outside:') && !there.is(token));
    const missing = [
      ...lacking.map((token) => ({ token, option: null })),
      ...lackingOptions(piece.value, options).map(({ token, label: option }) => ({ token, option })),
    ];
    for (const { token, option } of missing) {
      const [key = '', field] = token.slice('outside:'.length).split('/');
      const form = open.find((place) => place.kind === 'outside' && place.key === key)?.name ?? key;
      if (names.id(`outside:${key}`) === undefined) {
        if (!item.unnamed.includes(form)) item.unnamed.push(form);
        continue;
      }
      const def = outside.find((place) => place.key === key)?.fields.find((own) => own.key === field);
      if (!def || item.lacks.some((lack) => lack.field === def.name && lack.option === option)) continue;
      const to = file.forms.find((own) => `form:${own.key}` === def.to)?.name ?? null;
      item.lacks.push({ form, field: def.name, type: def.type, option, to });
    }
  }
  return [...items.values()];
}
