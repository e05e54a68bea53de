import { isDerived } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { AppGround } from './app-ground.js';
import { isObject, mapTexts, type PackageNames } from './package-names.js';

/** Forms of other apps that fields of the app relate to, sum up or take their defaults from. */
export function placeForms({ forms, all }: AppGround): FormMeta[] {
  const own = new Set<string>(forms.map((form) => form.id));
  const fields = forms.flatMap((form) => [form, ...form.parts]).flatMap((form) => form.definition.fields);
  const places = new Set(
    fields.flatMap(formsNamedBy).flatMap((id) => {
      const form = all.get(id);
      return form && !form.owner && !own.has(form.id) ? [form] : [];
    }),
  );
  return [...places];
}

function formsNamedBy({ type, config, default: initial }: FieldDef): string[] {
  const relates = fieldTypes[type].refers === 'record' || isDerived(type);
  const sources = type === 'lastContact' && Array.isArray(config.sources) ? config.sources : [];
  return [
    ...(relates && typeof config.formId === 'string' ? [config.formId] : []),
    ...sources.flatMap((source) => (isObject(source) && typeof source.formId === 'string' ? [source.formId] : [])),
    ...(initial?.kind === 'linked' ? [initial.formId] : []),
  ];
}

/** The form that a field relates to. */
export function relatedForm(field: FieldMeta): string | undefined {
  const { formId } = field.config as { formId?: unknown };
  return typeof formId === 'string' ? formId : undefined;
}

/** Fields of such a form that can be named from here. */
export const readable = (form: FormMeta) => form.fields.filter((field) => !field.system && !field.part);

/** Names for the forms and for each of their fields, one for every place that the form stands for. */
export function namePlaces(names: PackageNames, places: readonly FormMeta[]): void {
  for (const form of places) {
    names.setOutside(form.id);
    const main = names.token(form.id);
    // The form's own name comes last: it is the one that its fields are told by where nothing says otherwise.
    const tokens = names.tokensOf(form.id).filter((token) => token !== main);
    for (const place of [...tokens, ...(main === undefined ? [] : [main])])
      for (const { id, key } of readable(form)) names.set(freeToken(names, place, key, id), id);
  }
}

function freeToken(names: PackageNames, place: string, key: string, id: string): string {
  const known = names.tokensOf(id).find((token) => token.startsWith(`${place}/`));
  if (known !== undefined) return known;
  for (let n = 1; ; n++) {
    const token = `${place}/${n === 1 ? key : `${key.slice(0, 36)}${n}`}`;
    if (names.id(token) === undefined) return token;
  }
}

/** Which place each field had when the app was told last: of its settings, and of its default. */
export type PlacesHad = ReadonlyMap<string, { config?: string; initial?: string }>;

const placeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^outside:o\d+$/.test(value) ? value : undefined;

export function placesIn(values: Readonly<Record<string, unknown>>): PlacesHad {
  const had = new Map<string, { config?: string; initial?: string }>();
  const note = (token: string, raw: unknown): void => {
    if (!isObject(raw)) return;
    const config = isObject(raw.config) ? raw.config : {};
    const place = placeOf(config.formId);
    const initial = isObject(raw.default) ? placeOf(raw.default.formId) : undefined;
    if (place || initial) had.set(token, { ...(place && { config: place }), ...(initial && { initial }) });
    if (raw.type === 'subform' && Array.isArray(config.fields))
      for (const row of config.fields) if (isObject(row)) note(`${token}/${String(row.key)}`, row);
  };
  for (const [token, value] of Object.entries(values)) if (token.startsWith('field:')) note(token, value);
  return had;
}

/**
 * Names of other apps' forms by the places that their fields had: where one form stands for several, its id alone does not
 * tell which one is meant.
 */
export class SeparatePlaces {
  constructor(
    private readonly names: PackageNames,
    private readonly had: PlacesHad,
  ) {}

  /** The place of a relation, by its token: the one it had, if its form still stands for it. */
  of(token: string, formId: string): string | undefined {
    const place = this.had.get(token)?.config;
    return place !== undefined && this.names.id(place) === formId ? place : this.names.token(formId);
  }

  /** A field as it was told, with what it names in its own places. */
  field(token: string, raw: unknown): unknown {
    if (!isObject(raw)) return raw;
    const { config, initial } = this.had.get(token) ?? {};
    const settings = isObject(raw.config) ? raw.config : {};
    const through = typeof settings.relation === 'string' ? this.had.get(settings.relation)?.config : undefined;
    const own = config ?? through;
    const { default: linked, rules, ...rest } = raw;
    return {
      ...rest,
      config: Array.isArray(settings.fields)
        ? {
            ...settings,
            fields: settings.fields.map((row) =>
              isObject(row) ? this.field(`${token}/${String(row.key)}`, row) : row,
            ),
          }
        : this.moved(settings, own),
      ...(rules !== undefined && { rules: this.moved(rules, own) }),
      ...(linked !== undefined && { default: this.moved(linked, initial) }),
    };
  }

  /** Paths through relations: what follows one is a field of its form. */
  paths<Value>(value: Value): Value {
    return mapTexts(value, (text) =>
      text.replace(/(field:[A-Za-z0-9/]+)\.(outside:o\d+)(?=\/)/g, (whole, relation: string, place: string) => {
        const own = this.had.get(relation)?.config;
        return own !== undefined && this.same(own, place) ? `${relation}.${own}` : whole;
      }),
    ) as Value;
  }

  private moved(value: unknown, own: string | undefined): unknown {
    if (own === undefined) return value;
    return mapTexts(value, (text) => text.replace(/\boutside:o\d+/g, (place) => (this.same(own, place) ? own : place)));
  }

  private same(own: string, place: string): boolean {
    const id = this.names.id(own);
    return id !== undefined && this.names.id(place) === id;
  }
}
