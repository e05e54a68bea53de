import { ident, tenantName } from '../../../kernel/database/ident.js';
import type { TenantContext } from '../../context.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import type { Statement } from '../sql/query-sql.js';
import { type Dependent, dependentForms } from './relations.js';
import type { Work } from './work.js';

export interface ChangedRow {
  id: string;
  before: StoredValues;
  after: StoredValues;
}

/** Everything that follows from changed rows in the same transaction, as statements to be sent; often none. */
export function sideStatements(work: Work, rows: readonly ChangedRow[]): Statement[] {
  const { form, scope } = work;
  return [
    ...fileRefStatements(form, rows),
    ...recomputeStatements(work.ctx, dependentForms(scope.forms, form), rows, false),
  ];
}

/** Sends them all at once. */
export async function writeSideRows(work: Work, statements: readonly Statement[]): Promise<void> {
  await Promise.all(statements.map((statement) => work.tx.run(statement.text, statement.values)));
}

/** References of attachments, pictures and signatures: which record and field hold a file decides who may read it. */
function fileRefStatements(form: FormMeta, rows: readonly ChangedRow[]): Statement[] {
  const fields = form.fields.filter((field) => field.type.refers === 'file');
  const gone: [string, string][] = [];
  const added: { file: string; record: string; field: string }[] = [];
  for (const field of fields) {
    for (const row of rows) {
      const before = (row.before[field.id] ?? []) as string[];
      const after = (row.after[field.id] ?? []) as string[];
      if (before.length > 0 && before.join() !== after.join()) gone.push([row.id, field.id]);
      for (const file of after) added.push({ file, record: row.id, field: field.id });
    }
  }
  const table = `${ident(tenantName(form.tenantId))}.file_ref`;
  const statements: Statement[] = [];
  if (gone.length > 0)
    statements.push({
      text: `DELETE FROM ${table} r USING unnest($1::uuid[], $2::text[]) AS g(record_id, field) WHERE r.record_id = g.record_id AND r.field = g.field`,
      values: [gone.map((item) => item[0]), gone.map((item) => item[1])],
    });
  if (added.length > 0)
    statements.push({
      text: `INSERT INTO ${table} (file_id, form_id, record_id, field) SELECT f, $1, r, n FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS v(f, r, n) ON CONFLICT DO NOTHING`,
      values: [
        form.id,
        added.map((item) => item.file),
        added.map((item) => item.record),
        added.map((item) => item.field),
      ],
    });
  return statements;
}

/**
 * Asks for derived values that follow from these rows to be computed anew; a worker does it within a second.
 * @param always whether rows whose values stayed count too (they went to the recycle bin or came back)
 */
export function recomputeStatements(
  ctx: TenantContext,
  dependents: readonly Dependent[],
  rows: readonly ChangedRow[],
  always: boolean,
): Statement[] {
  const wanted = new Map<string, { form: string; record: string; field: string }>();
  for (const { form, field, relation } of dependents) {
    for (const row of rows) {
      const sides = [row.before[relation.id], row.after[relation.id]].filter(
        (id): id is string => typeof id === 'string',
      );
      const touched = always || Object.keys(row.after).some((id) => row.before[id] !== row.after[id]);
      for (const record of touched ? sides : [])
        wanted.set(`${field.id}/${record}`, { form: form.id, record, field: field.id });
    }
  }
  if (wanted.size === 0) return [];
  const list = [...wanted.values()];
  return [
    {
      text: 'INSERT INTO lianke.recompute (tenant_id, form_id, record_id, field) SELECT $1, f, r, n FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS v(f, r, n)',
      values: [
        ctx.tenantId,
        list.map((item) => item.form),
        list.map((item) => item.record),
        list.map((item) => item.field),
      ],
    },
  ];
}
