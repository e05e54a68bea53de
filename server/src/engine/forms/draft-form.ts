import { randomInt } from 'node:crypto';
import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import { parentPrefix } from '@lianke/shared/forms/deciders';
import { defaultValue, type FieldDef, newFieldId, parseFieldConfig } from '@lianke/shared/forms/definition';
import type { TriedField, TryLinkedBody } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { resolveLinks } from './form-defaults.js';
import type { DefinitionWorld } from './form-definition.js';
import { FormMeta } from './form-meta.js';
import { resolveFormulas } from './formula-defaults.js';
import { rowFields, subformOf } from './subform-meta.js';

/** A form as a draft would make it. */
export interface DraftForm {
  form: FormMeta;
  /** How the draft names a field, by the id that it has here; those of subforms' rows too. */
  refs: ReadonlyMap<string, string>;
  /** The id of what the draft names, a field of the record above a row (`parent.<field>`) included; unknown names stay. */
  idOf(ref: string): string;
}

/**
 * Makes the form of a draft to try it out: nothing is stored, its table is never read. A draft is in the making: fields
 * whose settings are not finished are left out, and defaults that a publish would refuse stand for none. Rules are not
 * part of it.
 * @param form the published form, whose place the draft takes
 */
export function draftForm(form: FormMeta, fields: TryLinkedBody['fields'], world: DefinitionWorld): DraftForm {
  const refs = new Map<string, string>();
  const rowsOf = (field: FieldDef) => fields.find(({ ref }) => ref === refs.get(field.id))?.rows ?? [];
  const defs = bare(fields, refs).map((field) =>
    field.type === 'subform' ? withRows(form, field, rowsOf(field), refs) : field,
  );
  const settled = settledDefaults(defs, fields, refs, (draft) => resolveFormulas(resolveLinks(draft, world))).map(
    (field) => {
      const part = subformOf(field);
      if (!part) return field;
      const inner = settledDefaults(rowFields(part), rowsOf(field), refs, (draft) =>
        resolveFormulas(resolveLinks(draft, world, defs)),
      );
      return { ...field, config: { ...field.config, fields: inner as never } };
    },
  );
  const { appId, key, name, version, updatedAt, vault } = form;
  const definition = { fields: settled, layout: { sections: [] }, settings: { summaryFields: [] }, removed: [] };
  const draft = new FormMeta(
    form.tenantId,
    form.id,
    appId,
    key,
    name,
    version,
    false,
    definition,
    updatedAt,
    undefined,
    [],
    false,
    vault,
  );
  return { form: draft, refs, idOf: namer(refs) };
}

function namer(refs: ReadonlyMap<string, string>): (ref: string) => string {
  const ids = new Map([...refs].map(([id, ref]) => [ref, id]));
  return (ref) => {
    if (!ref.startsWith(parentPrefix)) return ids.get(ref) ?? ref;
    const above = ref.slice(parentPrefix.length);
    return `${parentPrefix}${ids.get(above) ?? above}`;
  };
}

/** Fields with settings that their types know, without rules and defaults; what is new gets an id for the moment. */
function bare(fields: readonly TriedField[], refs: Map<string, string>): FieldDef[] {
  return fields.flatMap((field): FieldDef[] => {
    const config = parseFieldConfig(field.type, field.type === 'subform' ? {} : field.config);
    if (!config.ok) return [];
    const id = field.id ?? newFieldId((below) => randomInt(below));
    refs.set(id, field.ref);
    return [
      {
        id,
        // No name of the draft is a key: it may be anything.
        key: field.key ?? `n${id.slice(2)}`,
        name: field.name,
        type: field.type,
        config: config.config,
        rules: {},
        ...(field.encrypted ? { encrypted: true } : {}),
      },
    ];
  });
}

/** A subform with the fields of its rows; a new one gets the ids that place them. */
function withRows(form: FormMeta, field: FieldDef, rows: readonly TriedField[], refs: Map<string, string>): FieldDef {
  const known = form.field(field.id)?.config as SubformConfig | undefined;
  const fresh = () => newFieldId((below) => randomInt(below));
  return {
    ...field,
    config: {
      ...field.config,
      fields: bare(rows, refs) as never,
      formId: known?.formId ?? (uuid7() as FormId),
      parentField: known?.parentField ?? fresh(),
      positionField: known?.positionField ?? fresh(),
    },
  };
}

/** The fields with those defaults that would be published as they are. */
function settledDefaults(
  defs: readonly FieldDef[],
  fields: readonly TriedField[],
  refs: ReadonlyMap<string, string>,
  resolve: (draft: readonly FieldDef[]) => FieldDef[],
): FieldDef[] {
  const idOf = namer(refs);
  return defs.map((field, at) => {
    const told = fields.find(({ ref }) => ref === refs.get(field.id));
    const preset = defaultValue.safeParse(told?.default);
    if (!preset.success) return field;
    const { data } = preset;
    const initial =
      data.kind === 'linked' ? { ...data, match: data.match.map((pair) => ({ ...pair, own: idOf(pair.own) })) } : data;
    try {
      // One by one: a default at fault leaves the others as they are.
      return resolve(defs.with(at, { ...field, default: initial }))[at] ?? field;
    } catch (error) {
      if (error instanceof AppError && error.code === 'invalid_definition') return field;
      throw error;
    }
  });
}
