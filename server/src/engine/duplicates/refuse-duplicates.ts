import type { FieldError } from '@lianke/shared/errors/codes';
import type { StoredValues } from '../records/contracts.js';
import type { PreparedRow } from '../records/write/prepare.js';
import type { Work } from '../records/write/work.js';
import { type CompiledRule, keysOf, rulesFor } from './duplicate-keys.js';
import { type TwinRow, twinsSql } from './key-statements.js';

interface Judged {
  row: PreparedRow;
  before: StoredValues | undefined;
  /** The record as it would be. */
  after: StoredValues;
}

interface Claim {
  judged: Judged;
  rule: CompiledRule;
  key: string;
}

/** So many keys are locked one by one; a larger write locks the form's rules as a whole. */
const singleLocks = 100;

/**
 * Notes rows that repeat a record under a rule that refuses. Writers of the same key wait for one another, so that of
 * two at the same time one is refused. What a record repeated before is not held against a change that leaves it.
 */
export async function refuseDuplicates(work: Work, rows: readonly Judged[]): Promise<void> {
  // Taking a batch back puts records as they were.
  if (work.ctx.cause.door === 'undo') return;
  const access = work.scope.accessOf(work.form);
  const rules = rulesFor(work.form, access).filter((rule) => rule.action === 'refuse');
  if (rules.length === 0) return;
  const claims = rows.flatMap((judged) => (judged.row.errors.length > 0 ? [] : claimsOf(work, rules, judged)));
  if (claims.length === 0) return;
  await lockKeys(work, claims);
  const wanted = [...new Map(claims.map((claim) => [nameOf(claim.rule.id, claim.key), claim])).values()];
  const twins = twinsSql(
    work.form,
    wanted.map(({ rule, key }) => ({ rule, key })),
    3,
    work.scope,
  );
  const found = await work.tx.sql<TwinRow>(twins.text, twins.values);
  // A record that leaves its key in this very write holds it no longer.
  const leaving = new Set(
    rows.flatMap(({ row, before, after }) =>
      before
        ? rules.flatMap((rule) => {
            const kept = keysOf(rule, after);
            return keysOf(rule, before).flatMap((key) =>
              kept.includes(key) ? [] : [`${nameOf(rule.id, key)}/${row.id}`],
            );
          })
        : [],
    ),
  );
  const holders = new Map<string, { id: string; owner: string | null }>();
  for (const twin of found) {
    const name = nameOf(twin.rule, twin.key);
    if (!holders.has(name) && !leaving.has(`${name}/${twin.id}`)) holders.set(name, { id: twin.id, owner: twin.owner });
  }
  for (const { judged, rule, key } of claims) {
    const name = nameOf(rule.id, key);
    const holder = holders.get(name);
    if (holder && holder.id !== judged.row.id) {
      if (judged.row.errors.length === 0) judged.row.errors.push(fault(work, rule, holder.owner));
    } else {
      holders.set(name, { id: judged.row.id, owner: (judged.after.owner as string | null | undefined) ?? null });
    }
  }
}

function claimsOf(work: Work, rules: readonly CompiledRule[], judged: Judged): Claim[] {
  const { before } = judged;
  const access = work.scope.accessOf(work.form);
  // What he sees with stars in the row takes part in no comparison of his.
  const masked = ({ parts }: CompiledRule) =>
    before !== undefined &&
    parts.some(({ field }) => access.masksIn(work.form, field, (other) => before[other.id] ?? null, work.scope.env));
  return rules.flatMap((rule) => {
    if (masked(rule)) return [];
    const had = judged.before ? keysOf(rule, judged.before) : [];
    return keysOf(rule, judged.after)
      .filter((key) => !had.includes(key))
      .map((key) => ({ judged, rule, key }));
  });
}

const nameOf = (rule: string, key: string) => `${rule}\u001f${key}`;

async function lockKeys(work: Work, claims: readonly Claim[]): Promise<void> {
  const { tx, form } = work;
  const names = [...new Set(claims.map(({ rule, key }) => nameOf(rule.id, key)))].sort();
  if (names.length > singleLocks) {
    await tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended($1, 11))`, [form.id]);
    return;
  }
  await Promise.all([
    tx.sql(`SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 11))`, [form.id]),
    tx.sql(
      `SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended($1 || n, 12) AS h FROM unnest($2::text[]) n ORDER BY 1) locks`,
      [form.id, names],
    ),
  ]);
}

function fault(work: Work, rule: CompiledRule, ownerId: string | null): FieldError {
  const field = rule.parts[0]?.field.key ?? '';
  const ownerField = work.form.field('owner');
  const told = ownerField !== undefined && work.scope.accessOf(work.form).sees(ownerField);
  const owner = ownerId && told ? work.org.nameOf(ownerId) : '';
  return owner ? { field, code: 'duplicate_owned', params: { owner } } : { field, code: 'duplicate' };
}
