import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { FormId } from '@lianke/shared/ids';
import type { TenantContext } from '../../context.js';
import type { FoundRecord, RecordLookup } from '../../records/record-lookup.js';
import {
  type Candidate,
  type CompiledLink,
  type CompiledPlan,
  type CompiledSheet,
  type CompiledTarget,
  rowsOfRecord,
} from '../plan/compiled.js';
import { isById } from '../plan/record-id.js';
import { derivedTitle, titleText } from './derived-title.js';
import { type ExistingRecords, identitySeparator } from './existing.js';
import { textsIn } from './links.js';
import { RowIdentity } from './row-identity.js';

/**
 * Reads which of the company's records have the names and identities in a file. Records of this very import are none: a try
 * after a crash must see what the first one saw.
 */
export async function loadExisting(
  ctx: TenantContext,
  plan: CompiledPlan,
  lookup: RecordLookup,
  nameOf: (id: string) => string,
  pause: () => Promise<void>,
): Promise<ExistingRecords> {
  const same = new Map<string, Candidate[]>();
  const named = new Map<string, Candidate[]>();
  const candidate = (record: FoundRecord): Candidate => ({
    id: record.id,
    owner: record.owner,
    row: null,
    label: plan.words.knownRecord(record.title, record.owner ? nameOf(record.owner) : ''),
    parent: record.parent,
  });
  const existing: ExistingRecords = {
    same: (target, identity) => same.get(`${target}/${identity}`) ?? [],
    named: (formId, by, name) => named.get(`${formId}/${by ?? ''}/${name}`) ?? [],
  };
  for (const { formId, by, names } of await linkedNames(plan, pause)) {
    const form = plan.forms.find((known) => known.id === formId);
    const field = by ?? form?.title;
    if (!field) continue;
    const feeds = plan.sheets.flatMap((sheet) =>
      sheet.targets.filter((target) => target.plan.formId === formId).map((target) => target.key),
    );
    const found = await lookup.find(ctx, { formId, fields: [field], first: [...names] });
    for (const record of found) {
      if (!feeds.some((target) => plan.ids.made(target, record.id)))
        push(named, `${formId}/${by ?? ''}/${record.keys[0] ?? ''}`, candidate(record));
    }
  }
  // A row may be told by the record it relates to: those are known by now.
  for (const sheet of plan.sheets) {
    for (const target of sheet.targets) {
      for await (const record of sameRecords(ctx, plan, sheet, target, existing, lookup, pause)) {
        if (!plan.ids.made(target.key, record.id))
          push(same, `${target.key}/${record.keys.join(identitySeparator)}`, candidate(record));
      }
    }
  }
  return existing;
}

/** Wanted values of one query: each goes through the whole form once. */
const wantedAtOnce = 200_000;
const pausedRows = 5000;
/** Texts of a column that are known to have been read. */
const remembered = 10_000;

async function* sameRecords(
  ctx: TenantContext,
  plan: CompiledPlan,
  sheet: CompiledSheet,
  target: CompiledTarget,
  existing: ExistingRecords,
  lookup: RecordLookup,
  pause: () => Promise<void>,
): AsyncGenerator<FoundRecord> {
  const { formId } = target.plan;
  if (!formId || (await lookup.isEmpty(ctx, formId))) return;
  const [main] = sheet.targets;
  const { title, parent } = target;
  let find: (first: string[]) => Promise<FoundRecord[]>;
  let wanted: (at: number) => string;
  if (parent) {
    if (plan.options.duplicates !== 'merge' || !main || !title) return;
    wanted = (at) =>
      bare(title.column ? titleText(target, sheet, at) : derivedTitle(titleText(main, sheet, at), target));
    find = (first) => lookup.find(ctx, { formId, fields: [title.fieldKey], first, parent: parent.field });
  } else {
    if (target.identity.length === 0) return;
    const identity = new RowIdentity(plan, sheet, target, existing);
    wanted = (at) => identity.first(sheet.rows.at(at) ?? [], at);
    const fields = target.identity.map((column) => column.fieldKey);
    // An id must not tell him that a record exists.
    find = (first) => lookup.find(ctx, { formId, fields, first, repeats: !isById(target) });
  }
  let names = new Set<string>();
  const found = new Set<string>();
  for (const [place, at] of sheet.table.dataRows.entries()) {
    const name = wanted(at);
    if (name !== '') names.add(name);
    if (place % pausedRows === pausedRows - 1) await pause();
    if (names.size < wantedAtOnce && place < sheet.table.dataRows.length - 1) continue;
    // A name that comes again in another part of the file finds its records again.
    for (const record of await find([...names])) {
      const key = [record.id, ...record.keys].join(identitySeparator);
      if (found.has(key)) continue;
      found.add(key);
      yield record;
    }
    names = new Set();
  }
}

/** Texts that name records of other forms, by the form and the field they stand for. */
interface LinkedNames {
  formId: FormId;
  by: string | null;
  names: Set<string>;
}

async function linkedNames(plan: CompiledPlan, pause: () => Promise<void>): Promise<Iterable<LinkedNames>> {
  const all = new Map<string, LinkedNames>();
  for (const sheet of plan.sheets) {
    const links = sheet.targets.flatMap((target) => [
      ...target.links.map((link) => ({ link, inLines: false })),
      ...target.lines.flatMap((lines) => lines.target.links.map((link) => ({ link, inLines: true }))),
    ]);
    const read = links.flatMap(({ link, inLines }) => {
      if (!link.formId) return [];
      const by = link.by?.fieldKey ?? null;
      const wanted = all.get(`${link.formId}/${by ?? ''}`) ?? { formId: link.formId, by, names: new Set<string>() };
      all.set(`${link.formId}/${by ?? ''}`, wanted);
      return [{ link, inLines, names: wanted.names, seen: new Set<string>() }];
    });
    if (read.length === 0) continue;
    for (const [place, head] of sheet.table.dataRows.entries()) {
      for (const { link, inLines, names, seen } of read)
        for (const at of inLines ? rowsOfRecord(sheet, head) : [head])
          addNames(link, sheet.rows.at(at)?.[link.index] ?? null, names, seen);
      if (place % pausedRows === pausedRows - 1) await pause();
    }
  }
  return all.values();
}

/** @param seen texts that were read already: columns of names repeat them */
function addNames(link: CompiledLink, cell: SheetCell, names: Set<string>, seen: Set<string>): void {
  if (typeof cell === 'string') {
    if (seen.has(cell)) return;
    if (seen.size < remembered) seen.add(cell);
  }
  const texts = link.many ? new Set([cellText(cell), ...textsIn(cell, () => false)]) : [cell];
  for (const text of texts) {
    const name = link.by ? link.by.read(text) : bare(cellText(text));
    if (name !== '') names.add(name);
  }
}

function push(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const list = map.get(key);
  if (list) list.push(candidate);
  else map.set(key, [candidate]);
}
