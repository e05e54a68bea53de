import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { bare } from '@lianke/shared/fields/sheet-text';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { conceptOf } from './concepts.js';
import type { ColumnProfile } from './profile-column.js';

/** A field that an import may fill. */
export interface KnownField {
  key: string;
  name: string;
  type: FieldTypeName;
  config: Record<string, Json>;
  required: boolean;
  /** A record made without it gets a value anyway. */
  defaulted?: boolean;
  system: boolean;
  /** Headers that people have put to it before, folded. */
  called?: ReadonlySet<string>;
  /** A field of a subform's rows: the subform, and the field's own key and name in it. `key` is then `<subform>.<field>`. */
  within?: { key: string; name: string; field: string; fieldName: string; maxRows: number };
}

/** A form that an import may fill; `fields` holds only what the importer may write. */
export interface KnownForm {
  id: FormId;
  key: string;
  name: string;
  /** Key of the field that stands for a record. */
  title: string | null;
  fields: KnownField[];
  /** Unique fields the importer may read: texts in a relation column may name records by them. */
  keys?: Pick<KnownField, 'key' | 'name' | 'type' | 'config'>[];
}

export interface FieldMatch {
  column: number;
  field: KnownField;
  /** 10 the same name … 4 one name within the other. */
  score: number;
}

export const sameName = 10;
/** What the company calls it. */
const learned = 9;
const sameConcept = 8;
const likelyConcept = 6;
const partOfName = 4;
/** The name of a field of a subform's rows, when no field of the record has it. */
const sameLine = 5;

/** Pairs columns with fields, the surest first; each is used once. */
export function matchFields(columns: readonly ColumnProfile[], form: Pick<KnownForm, 'fields'>): FieldMatch[] {
  const pairs = columns.flatMap((column) =>
    form.fields
      .map((field) => ({ column: column.index, field, score: matchScore(column, field) }))
      .filter(({ score }) => score > 0),
  );
  pairs.sort((a, b) => b.score - a.score || a.column - b.column);
  const columnsTaken = new Set<number>();
  const fieldsTaken = new Set<string>();
  return pairs.filter(({ column, field }) => {
    if (columnsTaken.has(column) || fieldsTaken.has(field.key)) return false;
    columnsTaken.add(column);
    fieldsTaken.add(field.key);
    return true;
  });
}

/** How sure it is that a column feeds a field; 0 when it does not. */
export function matchScore(column: ColumnProfile, field: KnownField): number {
  const header = bare(column.header.name);
  const name = bare(field.name);
  if (header === '') return 0;
  const own = field.within
    ? lineScore(column, field.within)
    : header === name || header === bare(field.key) || bare(column.header.text) === name
      ? sameName
      : 0;
  // A field's own name is surer than what somebody called it once, be it the same.
  if (own === sameName) return sameName;
  if (field.called?.has(bare(column.header.text))) return learned;
  if (field.within) return own;
  if (!fits(column, field.type)) return 0;
  const mine = conceptOf(column.header.name);
  const theirs = conceptOf(field.name);
  if (mine && theirs && mine.concept === theirs.concept) return mine.sure && theirs.sure ? sameConcept : likelyConcept;
  // 创建时间 and the like are kept by the system: only their own names may fill them.
  if (field.system && field.key !== 'owner') return 0;
  if (mine && theirs) return 0;
  const [short, long] = header.length < name.length ? [header, name] : [name, header];
  return short.length >= 2 && long.includes(short) ? partOfName : 0;
}

/** Fields of a subform's rows go by the names that exports and two-row headers give them, or by their own alone. */
function lineScore(column: ColumnProfile, within: NonNullable<KnownField['within']>): number {
  const header = bare(column.header.name);
  const own = bare(within.fieldName);
  const whole = bare(column.header.text);
  const group = bare(within.name);
  if (whole === `${group}.${own}` || whole === `${group}${own}`) return sameName;
  if (header !== own) return 0;
  return column.group !== undefined && bare(column.group) === group ? sameName : sameLine;
}

/** True when at least half of a column's values can be read as this type. */
function fits({ filled, shape }: ColumnProfile, type: FieldTypeName): boolean {
  if (filled === 0) return true;
  switch (type) {
    case 'date':
    case 'datetime':
    case 'lastContact':
      return shape.date >= 0.5;
    case 'number':
    case 'money':
    case 'percent':
    case 'rating':
    case 'slider':
      return shape.number >= 0.5;
    case 'phone':
      return shape.phone >= 0.3;
    case 'email':
      return shape.email >= 0.3;
    case 'attachment':
    case 'image':
      return shape.pictures >= 0.5;
    case 'signature':
    case 'location':
      return false;
    default:
      return true;
  }
}
