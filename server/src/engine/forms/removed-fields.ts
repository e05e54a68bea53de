import type { FieldDef } from '@lianke/shared/forms/definition';
import type { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { bumpSchema } from '../versions.js';
import { plainColumn, retireColumns } from './column-pool.js';
import { columnName, columnOf, type FormDefinition, type FormMeta, tableName } from './form-meta.js';
import { removedRowFields, subformOf } from './subform-meta.js';

type Removed = FormDefinition['removed'][number];
type Expired = (field: { removedAt: string }) => boolean;

/** Fields that are going, and the table whose columns hold their values. */
interface Gone {
  formId: string;
  fields: Removed[];
}

/**
 * Forgets fields that were taken off a form, or off the rows of its subforms, before `cutoff`. First the definition, in a
 * version of its own so that nobody brings back a field that is going; then the values: a plain column of the form is
 * emptied and kept for a new field, others are dropped, a subform's with the table of its rows. @returns how many fields
 * went
 */
export async function dropRemovedFields(database: Database, form: FormMeta, cutoff: Date): Promise<number> {
  const expired: Expired = (field) => new Date(field.removedAt) < cutoff;
  if (goneFrom(form.id, form.definition, expired).length === 0) return 0;
  const { gone, columns } = await database.withTenant(form, async (tx) => {
    const [row] = await tx.sql<{ definition: FormDefinition }>(
      'SELECT definition FROM lianke.form WHERE id = $1 AND deleted_at IS NULL FOR UPDATE',
      [form.id],
    );
    const found = row ? goneFrom(form.id, row.definition, expired) : [];
    if (!row || found.length === 0) return { gone: [], columns: {} };
    const all = row.definition.columns ?? {};
    const ids = new Set(found.flatMap(({ fields }) => fields.map((field) => field.id as string)));
    await tx.run('UPDATE lianke.form SET definition = $2, version = version + 1 WHERE id = $1', [
      form.id,
      {
        ...row.definition,
        fields: row.definition.fields.map((field) => withoutRemoved(field, expired)),
        removed: row.definition.removed
          .filter((field) => !expired(field))
          .map((field) => withoutRemoved(field, expired)),
        columns: Object.fromEntries(Object.entries(all).filter(([id]) => !ids.has(id))),
      } as never,
    ]);
    await bumpSchema(tx, form.tenantId);
    return { gone: found, columns: all };
  });
  const schema = ident(tenantName(form.tenantId));
  for (const { formId, fields } of gone) {
    // Only the form's own columns serve new fields: those of rows are dropped.
    const plain = formId === form.id ? fields.flatMap((field) => plainColumn(field, columns) ?? []) : [];
    const others = fields
      .filter((field) => formId !== form.id || !plainColumn(field, columns))
      .flatMap((field) => [columnOf(field, columns), `${columnName(field.id)}_base`]);
    if (plain.length > 0) await retireColumns(database, form, plain);
    const tables = fields.flatMap((field) => subformOf(field)?.formId ?? []);
    if (others.length > 0)
      await database.ddl(form.tenantId, async (sql) => {
        const table = `${schema}.${ident(tableName(formId))}`;
        await sql(`ALTER TABLE ${table} ${others.map((name) => `DROP COLUMN IF EXISTS ${ident(name)}`).join(', ')}`);
        for (const id of tables) await sql(`DROP TABLE IF EXISTS ${schema}.${ident(tableName(id))}`);
      });
  }
  return gone.reduce((sum, { fields }) => sum + fields.length, 0);
}

/** What goes from the form's own table and from those of its rows; the rows of a subform that goes go with it. */
function goneFrom(formId: string, { fields, removed }: FormDefinition, expired: Expired): Gone[] {
  const own = removed.filter(expired);
  const rows = [...fields, ...removed.filter((field) => !expired(field))].flatMap((field): Gone[] => {
    const part = subformOf(field);
    const lost = part ? removedRowFields(part).filter(expired) : [];
    return part?.formId && lost.length > 0 ? [{ formId: part.formId, fields: lost }] : [];
  });
  return [...(own.length > 0 ? [{ formId, fields: own }] : []), ...rows];
}

function withoutRemoved<Field extends FieldDef>(field: Field, expired: Expired): Field {
  const part = subformOf(field);
  if (!part?.removed?.some(expired)) return field;
  return { ...field, config: { ...field.config, removed: part.removed.filter((item) => !expired(item)) as never } };
}

/** Forms of the rows of a form's subforms, those taken off too: their tables go with its own. */
export function rowFormsOf({ fields, removed }: FormDefinition): string[] {
  return [...fields, ...removed].flatMap((field) => subformOf(field)?.formId ?? []);
}
