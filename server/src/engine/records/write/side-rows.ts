import { ident, tenantName } from '../../../kernel/database/ident.js';
import { type ChangedRow, recomputeStatements } from '../../derived/requests.js';
import { keyStatements } from '../../duplicates/key-statements.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { Statement } from '../sql/query-sql.js';
import { subformChanges } from './subform-statements.js';
import type { Work } from './work.js';

/** Everything that follows from changed rows in the same transaction, as statements to be sent; often none. */
export function sideStatements(work: Work, rows: readonly ChangedRow[]): Statement[] {
  const { form, scope } = work;
  const follow = (of: FormMeta, changed: readonly ChangedRow[]) => [
    ...fileRefStatements(of, changed),
    ...keyStatements(of, changed),
    ...recomputeStatements(work.ctx, scope.forms, of, changed, 'written'),
  ];
  const subforms = form.parts.length > 0 ? subformChanges(work, rows) : [];
  return [...subforms.flatMap((item) => [...item.statements, ...follow(item.part, item.rows)]), ...follow(form, rows)];
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
