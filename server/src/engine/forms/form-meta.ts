import type { DuplicateRule } from '@lianke/shared/duplicates/api';
import { type DerivedType, isDerived, shownAs } from '@lianke/shared/fields/derived';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldType, StorageKind } from '@lianke/shared/fields/types';
import { type FieldDef, type FormLayout, type FormSettings, systemFields } from '@lianke/shared/forms/definition';
import type { AppId, FieldId, FormId, TenantId } from '@lianke/shared/ids';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { type FieldCipher, type FieldVault, withoutKeys } from '../sealed/field-vault.js';
import { partOf } from './subform-meta.js';

/** What `lianke.form.definition` holds. `removed` fields keep their column and data until purged. */
export interface FormDefinition {
  fields: FieldDef[];
  layout: FormLayout;
  settings: FormSettings;
  removed: (FieldDef & { removedAt: string })[];
  /** Columns of fields that do not stand in the one named for them: converted ones, and those that reuse another's. */
  columns?: Record<string, string>;
  /** Emptied columns of fields that are gone for good, free for new fields. */
  pool?: PooledColumn[];
}

export interface PooledColumn {
  column: string;
  type: string;
}

/** A field ready for use: its type's behaviour and its column. */
export interface FieldMeta {
  id: FieldId;
  key: string;
  name: string;
  /** For derived fields the type their values are like, with its behaviour and config. */
  typeName: FieldTypeName;
  type: FieldType;
  config: never;
  /** Computed from other fields: nobody writes it. */
  derived?: DerivedType;
  def: FieldDef;
  /** Quoted column name. */
  column: string;
  storage: StorageKind;
  system: boolean;
  /** May be written from outside at all (kept and most system fields may not). */
  writable: boolean;
  searchable: boolean;
  /** Of subforms: the form that their rows are records of. */
  part?: FormMeta;
  /** Of fields stored encrypted: their column holds what this makes of their values. */
  cipher?: FieldCipher;
}

export class FormMeta {
  readonly fields: readonly FieldMeta[];
  /** Quoted, schema-qualified table. */
  readonly table: string;
  private readonly byRef = new Map<string, FieldMeta>();
  readonly title: FieldMeta | undefined;
  readonly searchFields: readonly FieldMeta[];
  /** Forms of its subforms' rows. */
  readonly parts: readonly FormMeta[];

  constructor(
    readonly tenantId: TenantId,
    readonly id: FormId,
    readonly appId: AppId,
    readonly key: string,
    readonly name: string,
    readonly version: number,
    readonly watched: boolean,
    readonly definition: FormDefinition,
    readonly updatedAt: string,
    /** Set when this is the form of a subform's rows: the field they stand in, and whose. */
    readonly owner?: { form: FormMeta; field: FieldMeta },
    /** Rules about repeated records; no part of the design, so they take effect without publishing. */
    readonly duplicates: readonly DuplicateRule[] = [],
    /** A field is being converted: who writes makes sure that this is still the form. */
    readonly converting: boolean = false,
    /** Keys of encrypted fields; without it their values can be neither stored nor read. */
    readonly vault?: FieldVault | undefined,
  ) {
    this.table = `${ident(tenantName(tenantId))}.${ident(tableName(id))}`;
    this.fields = [
      ...definition.fields.map((def) => userField(def, definition.columns, this)),
      ...systemFields.map(systemField),
    ];
    for (const field of this.fields) {
      this.byRef.set(field.id, field);
      this.byRef.set(field.key, field);
    }
    const named = definition.settings.titleField ? this.byRef.get(definition.settings.titleField) : undefined;
    this.title =
      named ??
      this.fields.find((field) => field.typeName === 'text' && !field.derived && !field.cipher) ??
      this.fields.find((field) => field.typeName === 'autonumber');
    this.searchFields = pickSearchFields(this.fields, this.title);
    this.parts = this.fields.flatMap((field) => {
      if (field.typeName !== 'subform') return [];
      field.part = partOf(this, field);
      return field.part ? [field.part] : [];
    });
  }

  /** A field by id or key. */
  field(ref: string): FieldMeta | undefined {
    return this.byRef.get(ref);
  }

  /** Forms of the rows of subforms that were taken off: their tables stay. */
  removedParts(): FormMeta[] {
    return this.definition.removed
      .filter((def) => def.type === 'subform')
      .flatMap((def) => partOf(this, userField(def, this.definition.columns, this)) ?? []);
  }

  get settings(): FormSettings {
    return this.definition.settings;
  }
}

/** Table of a form in its tenant's schema. */
export function tableName(formId: string): string {
  return `f_${formId.replaceAll('-', '')}`;
}

/** Column of a user's field. */
export function columnName(fieldId: string): string {
  return `c_${fieldId.slice(2)}`;
}

const maxSearchFields = 6;

/** Title first, then phones, autonumbers and short texts: what a quick search looks into (design §4). */
function pickSearchFields(fields: readonly FieldMeta[], title: FieldMeta | undefined): FieldMeta[] {
  const rank = (field: FieldMeta) =>
    field === title ? 0 : field.typeName === 'phone' ? 1 : field.typeName === 'autonumber' ? 2 : 3;
  return fields
    .filter((field) => field.searchable && !field.system)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, maxSearchFields);
}

/** A derived field's column is named for its storage too: a result of another kind gets a column of its own. */
export function columnOf(def: FieldDef, columns: FormDefinition['columns']): string {
  if (!isDerived(def.type)) return columns?.[def.id] ?? columnName(def.id);
  return `${columnName(def.id)}_${fieldTypes[shownAs(def).type].storage.replace('[]', 's')}`;
}

/** A field of a definition, ready for use. */
export function userField(
  def: FieldDef,
  columns: FormDefinition['columns'],
  form?: Pick<FormMeta, 'tenantId' | 'vault'>,
): FieldMeta {
  const shown = shownAs(def);
  const type = behaviourOf(def);
  const derived = isDerived(def.type) ? def.type : undefined;
  return {
    id: def.id,
    key: def.key,
    name: def.name,
    typeName: shown.type,
    type: derived ? { ...type, kept: true, searchable: false } : type,
    config: type.config.parse(shown.config) as never,
    ...(derived ? { derived } : {}),
    def,
    column: ident(columnOf(def, columns)),
    storage: def.encrypted ? sealedStorage(type.storage) : type.storage,
    system: false,
    writable: !type.kept && !derived,
    searchable: type.searchable && !derived,
    ...(def.encrypted ? { cipher: form?.vault?.cipher(form.tenantId, def.id) ?? withoutKeys } : {}),
  };
}

/** Encrypted values are texts, those of lists one by one. */
function sealedStorage(storage: StorageKind): StorageKind {
  return storage.endsWith('[]') ? 'text[]' : 'text';
}

function systemField(field: (typeof systemFields)[number]): FieldMeta {
  const type = fieldTypes[field.type];
  const id = field.key as string as FieldId;
  return {
    id,
    key: field.key,
    name: field.zh,
    typeName: field.type,
    type,
    config: type.config.parse({}) as never,
    def: { id, key: field.key, name: field.zh, type: field.type, config: {}, rules: {} },
    column: ident(field.column),
    storage: type.storage,
    system: true,
    writable: field.writable,
    searchable: false,
  };
}
