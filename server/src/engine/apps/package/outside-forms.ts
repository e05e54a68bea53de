import type { AppPackage, OpenItem } from '@lianke/shared/apps/package';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { FormMeta } from '../../forms/form-meta.js';
import type { OptionsHere } from './outside-options.js';
import { isObject, type PackageNames } from './package-names.js';
import { restored } from './restore.js';

/** A relation of the app to a form of another one. */
export interface OutsideRelation {
  form: FormMeta;
  /** The subform whose rows have it. */
  rows?: FieldDef | undefined;
  field: FieldDef;
  target: FormMeta;
  /** Key of the field before it that goes along; null where it is the first. */
  after: string | null;
}

type Outside = AppPackage['outside'];
type Relation = Outside[number]['relations'][number];

/** How relations to other apps' forms are told. */
interface Telling {
  keyOf: (id: string) => string;
  encode: (relation: OutsideRelation) => Relation['field'];
  appName: (form: FormMeta) => string;
  /** The place that a relation has already, `outside:o1`. */
  placeOf: (relation: OutsideRelation) => string | undefined;
}

/**
 * The forms of other apps that relations lead to, each with a name in the package, and how they are told. Places are of
 * relations: where one form stands for several, each keeps its own.
 */
export function describeOutside(
  relations: readonly OutsideRelation[],
  names: PackageNames,
  { keyOf, encode, appName, placeOf }: Telling,
): { outside: Outside; open: OpenItem[] } {
  for (const { target } of relations) names.setOutside(target.id);
  const byPlace = new Map<string, OutsideRelation[]>();
  for (const relation of relations) {
    const key = (placeOf(relation) ?? '').slice('outside:'.length);
    byPlace.set(key, [...(byPlace.get(key) ?? []), relation]);
  }
  const described = [...byPlace].map(([key, own]) => {
    const [first] = own;
    const target = first?.target;
    const app = target ? appName(target) : '';
    const uses = own.map(({ form, rows, field }) => ({
      kind: 'form' as const,
      name: [form.name, rows?.name, field.name]
        .filter((part) => part !== undefined)
        .join(' · ')
        .slice(0, 60),
    }));
    return {
      open: {
        ...{ kind: 'outside' as const, key, name: `${target?.name ?? key}${app && `（${app}）`}` },
        uses: uses.slice(0, 200),
      },
      outside: {
        key,
        relations: own.map((relation) => ({
          form: keyOf(relation.form.id),
          ...(relation.rows && { rows: relation.rows.key }),
          after: relation.after,
          field: encode(relation),
        })),
        fields: [],
      },
    };
  });
  return { outside: described.map((item) => item.outside), open: described.map((item) => item.open) };
}

/**
 * The package with what relates to other apps' forms and reads their fields, as far as those have one here, each in its
 * place.
 */
export function withOutside(pack: AppPackage, names: PackageNames, options: OptionsHere = new Map()): AppPackage {
  return restored(withRelations(pack, names), names, options);
}

/** Relations alone, of packages that do not tell the parts as they are with them. */
function withRelations(pack: AppPackage, names: PackageNames): AppPackage {
  const whole = new Set(pack.through?.forms.map(({ key }) => key));
  const coming = pack.outside
    .filter(({ key }) => names.id(`outside:${key}`))
    .flatMap(({ relations }) => relations.filter(({ form }) => !whole.has(form)));
  if (coming.length === 0) return pack;
  return {
    ...pack,
    forms: pack.forms.map((form) => {
      const own = coming.filter((relation) => relation.form === form.key);
      if (own.length === 0) return form;
      let { fields, layout } = form;
      for (const { rows, after, field } of own) {
        if (rows !== undefined) fields = fields.map((raw) => (keyOf(raw) === rows ? withRow(raw, after, field) : raw));
        else {
          fields = placed(fields, after, field);
          layout = laid(layout, form.key, after, field.key);
        }
      }
      return { ...form, fields, layout };
    }),
  };
}

const keyOf = (raw: unknown): unknown => (isObject(raw) ? raw.key : undefined);

/** A field that is there already, by a person's hand, stays the one there is. */
function placed(fields: readonly unknown[], after: string | null, field: Relation['field']): unknown[] {
  if (fields.some((raw) => keyOf(raw) === field.key)) return [...fields];
  const at = after === null ? 0 : fields.findIndex((raw) => keyOf(raw) === after) + 1 || fields.length;
  return fields.toSpliced(at, 0, field);
}

function withRow(raw: unknown, after: string | null, field: Relation['field']): unknown {
  if (!isObject(raw) || !isObject(raw.config) || !Array.isArray(raw.config.fields)) return raw;
  return { ...raw, config: { ...raw.config, fields: placed(raw.config.fields, after, field) } };
}

/** After the field that comes before it; a layout that does not name that one is settled when it is published. */
function laid(layout: unknown, form: string, after: string | null, key: string): unknown {
  if (!isObject(layout) || !Array.isArray(layout.sections)) return layout;
  const before = [after, `field:${form}/${after}`];
  return {
    ...layout,
    sections: layout.sections.map((section: unknown) => {
      if (!isObject(section) || !Array.isArray(section.items)) return section;
      const at = section.items.findIndex((item) => isObject(item) && before.includes(String(item.field)));
      if (at < 0) return section;
      return { ...section, items: section.items.toSpliced(at + 1, 0, { field: `field:${form}/${key}`, span: 1 }) };
    }),
  };
}
