import type { Words } from '@lianke/shared/errors/issue-text';
import type { RecordId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { ReadScope } from '../sql/read-scope.js';

/** What a deletion means for records that point at the deleted ones. */
export interface Deletion {
  /** Records that may not go, with what holds them. */
  blocked: ReadonlyMap<string, Words>;
  /** What goes along, by form; the deleted records themselves are not in it. */
  along: readonly { form: FormMeta; ids: RecordId[] }[];
}

/** Records that go, by form, each with the deleted records it hangs on. */
type Going = Map<FormMeta, Map<string, Set<string>>>;

/**
 * Works out, before anything is deleted, what relations make of it: `refuse` blocks, at any depth, `cascade` takes the
 * holders along, `detach` leaves the pointer, whose label is then empty. A holder that goes itself blocks nothing.
 */
export async function followDeletion(
  tx: Tx,
  form: FormMeta,
  scope: ReadScope,
  ids: readonly string[],
): Promise<Deletion> {
  const blocked = new Map<string, Words>();
  for (;;) {
    const roots = ids.filter((id) => !blocked.has(id));
    const going = await closure(tx, form, scope, roots);
    const before = blocked.size;
    for (const [target, held] of going)
      for (const { id, holder } of await holdersOf(tx, target, scope, held, going))
        for (const root of held.get(id) ?? []) if (!blocked.has(root)) blocked.set(root, holder);
    if (blocked.size > before) continue;
    const along = [...going].map(([goer, held]) => ({
      form: goer,
      ids: [...held.keys()].filter((id) => goer !== form || !roots.includes(id)) as RecordId[],
    }));
    return { blocked, along: along.filter((item) => item.ids.length > 0) };
  }
}

function usesOf(scope: ReadScope, form: FormMeta, onDelete: 'cascade' | 'refuse') {
  return scope.forms
    .pointingAt(form.id)
    .filter(({ field }) => !field.derived && (field.config as { onDelete?: string }).onDelete === onDelete);
}

/** The records and everything that cascades from them; rows met before are not followed again. */
async function closure(tx: Tx, form: FormMeta, scope: ReadScope, roots: readonly string[]): Promise<Going> {
  const going: Going = new Map();
  let frontier: Going = new Map([[form, new Map(roots.map((id) => [id, new Set([id])]))]]);
  while (frontier.size > 0) {
    const next: Going = new Map();
    for (const [target, held] of frontier) {
      merge(going, target, held);
      for (const { form: holder, field } of usesOf(scope, target, 'cascade')) {
        const found = new Map<string, Set<string>>();
        for (const row of await pointing(tx, holder, field, [...held.keys()])) {
          if (going.get(holder)?.has(row.id)) continue;
          const from = found.get(row.id) ?? new Set();
          for (const root of held.get(row.target) ?? []) from.add(root);
          found.set(row.id, from);
        }
        if (found.size > 0) merge(next, holder, found);
      }
    }
    frontier = next;
  }
  return going;
}

function merge(into: Going, form: FormMeta, rows: ReadonlyMap<string, Set<string>>): void {
  const known = into.get(form) ?? new Map<string, Set<string>>();
  for (const [id, roots] of rows) known.set(id, new Set([...(known.get(id) ?? []), ...roots]));
  into.set(form, known);
}

/** Which of the records are held by a relation that refuses, and by what. */
async function holdersOf(
  tx: Tx,
  target: FormMeta,
  scope: ReadScope,
  held: ReadonlyMap<string, unknown>,
  going: Going,
): Promise<{ id: string; holder: Words }[]> {
  const found: { id: string; holder: Words }[] = [];
  for (const { form: holder, field } of usesOf(scope, target, 'refuse')) {
    const counts = new Map<string, number>();
    for (const row of await pointing(tx, holder, field, [...held.keys()]))
      if (!going.get(holder)?.has(row.id)) counts.set(row.target, (counts.get(row.target) ?? 0) + 1);
    for (const [id, n] of counts)
      found.push({ id, holder: { zh: `${holder.name} ${n} 条`, en: `${holder.name} (${n})` } });
  }
  return found;
}

/** Live records of `holder` that point at any of the ids, once for each of them. */
async function pointing(
  tx: Tx,
  holder: FormMeta,
  field: FieldMeta,
  ids: readonly string[],
): Promise<{ id: string; target: string }[]> {
  if (ids.length === 0) return [];
  const many = field.storage === 'uuid[]';
  return tx.sql<{ id: string; target: string }>(
    `SELECT h.id, ${many ? 'target' : `h.${field.column} AS target`} FROM ${holder.table} h${
      many ? `, unnest(h.${field.column}) target` : ''
    } WHERE ${many ? `h.${field.column} && $1::uuid[] AND target` : `h.${field.column}`} = ANY($1::uuid[]) AND h.deleted_at IS NULL`,
    [[...ids]],
  );
}
