import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { StoredValues } from '../records/contracts.js';
import type { Statement } from '../records/sql/query-sql.js';
import { type Derivation, type Input, inWrite, isOwned, reachesOut, type Step } from './derivation.js';
import { derivationsOf } from './derivations.js';

export interface ChangedRow {
  id: string;
  before: StoredValues;
  after: StoredValues;
}

interface Request {
  form: string;
  record: string;
  field: string;
  /** Steps back from the record to the ones to compute: `one:<relation>` to those that name it, `many:<relation>` to the one it names. */
  via: string[];
}

/**
 * Asks for derived values that follow from these rows to be computed anew; a worker does it within a second.
 * @param mode `written`: the rows were created or changed; `moved`: they went into the recycle bin or came back; `derived`: a
 *   worker computed them, with all that follows in the same row
 */
export function recomputeStatements(
  ctx: TenantContext,
  forms: TenantForms,
  form: FormMeta,
  rows: readonly ChangedRow[],
  mode: 'written' | 'moved' | 'derived',
): Statement[] {
  const wanted = new Map<string, Request>();
  for (const derivation of derivationsOf(forms).all)
    for (const request of requestsOf(derivation, form, rows, mode))
      wanted.set(`${request.field}/${request.record}/${request.via.join()}`, request);
  if (wanted.size === 0) return [];
  const list = [...wanted.values()];
  const text = `INSERT INTO lianke.recompute (tenant_id, form_id, record_id, field, via, depth)
     SELECT $1, f, r, n, string_to_array(v, ','), $6 FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS q(f, r, n, v)`;
  const values = [
    ctx.tenantId,
    list.map((item) => item.form),
    list.map((item) => item.record),
    list.map((item) => item.field),
    list.map((item) => item.via.join(',')),
    ctx.cause.depth,
  ];
  return [{ text, values }];
}

function requestsOf(derivation: Derivation, form: FormMeta, rows: readonly ChangedRow[], mode: string): Request[] {
  const request = (record: string, steps: readonly Step[]): Request => ({
    form: derivation.form.id,
    record,
    field: derivation.field.id,
    via: [...steps].reverse().map((step) => `${step.kind}:${step.relation.id}`),
  });
  const found: Request[] = [];
  if (derivation.form === form && mode !== 'derived')
    for (const row of rows) if (concernsItself(derivation, row, mode)) found.push(request(row.id, []));
  for (const input of derivation.inputs)
    for (const [index, step] of input.steps.entries()) {
      if (step.to !== form) continue;
      // The write has computed what follows from the rows it brought.
      if (mode !== 'derived' && index === 0 && isOwned(step) && inWrite(derivation)) continue;
      const before = input.steps.slice(0, index);
      for (const row of rows) {
        if (mode !== 'moved' && !concerns(input, index, row)) continue;
        if (step.kind === 'one') found.push(request(row.id, input.steps.slice(0, index + 1)));
        else for (const origin of ends(row, step)) found.push(request(origin, before));
      }
    }
  return found;
}

/** Whether what the input reads of its record after step `index` has changed. */
function concerns(input: Input, index: number, row: ChangedRow): boolean {
  const step = input.steps[index];
  const next = input.steps[index + 1];
  const read = [
    step?.kind === 'many' ? step.relation : undefined,
    next ? (next.kind === 'one' ? next.relation : undefined) : input.field,
  ];
  return read.some((field) => field && differs(row, field.id));
}

function differs(row: ChangedRow, fieldId: string): boolean {
  return JSON.stringify(row.before[fieldId] ?? null) !== JSON.stringify(row.after[fieldId] ?? null);
}

/** The records that a relation named before and names now. */
function ends(row: ChangedRow, step: Step): string[] {
  return [row.before[step.relation.id], row.after[step.relation.id]].filter(
    (id): id is string => typeof id === 'string',
  );
}

/**
 * What the write itself cannot settle for good: values read from records that another writer may be changing at this
 * moment, and lists. A field computed in the write from its own row alone is settled.
 */
function concernsItself(derivation: Derivation, row: ChangedRow, mode: string): boolean {
  if (derivation.rule.kind === 'lastContact' || derivation.rule.kind === 'rollup') return mode === 'moved';
  if (mode === 'moved') return reachesOut(derivation) || derivation.volatile;
  if (inWrite(derivation) && !reachesOut(derivation)) return false;
  return derivation.inputs.some((input) => {
    const [first] = input.steps;
    const own = first ? (first.kind === 'one' ? first.relation : undefined) : input.field;
    return own !== undefined && differs(row, own.id);
  });
}
