import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { FormId } from '@lianke/shared/ids';
import type { TenantContext } from '../../context.js';
import type { FoundRecord, RecordLookup } from '../../records/record-lookup.js';
import type { Candidate, CompiledPlan, CompiledSheet, CompiledTarget } from '../plan/compiled.js';
import { isById } from '../plan/record-id.js';
import { derivedTitle, titleText } from './derived-title.js';
import { type ExistingRecords, identitySeparator } from './existing.js';
import { identityOfRow } from './repeats.js';

/**
 * Reads which of the company's records have the names and identities in a file. Records of this very import are none: a try
 * after a crash must see what the first one saw.
 */
export async function loadExisting(
  ctx: TenantContext,
  plan: CompiledPlan,
  lookup: RecordLookup,
  nameOf: (id: string) => string,
): Promise<ExistingRecords> {
  const same = new Map<string, Candidate[]>();
  const named = new Map<string, Candidate[]>();
  const candidate = (record: FoundRecord): Candidate => ({
    id: record.id,
    owner: record.owner,
    row: null,
    label: `已有的“${record.title}”${record.owner ? `，负责人 ${nameOf(record.owner)}` : ''}`,
    parent: record.parent,
  });
  for (const sheet of plan.sheets) {
    for (const target of sheet.targets) {
      const found = await sameRecords(ctx, plan, sheet, target, lookup);
      for (const record of found) {
        if (!plan.ids.made(target.key, record.id))
          push(same, `${target.key}/${record.keys.join(identitySeparator)}`, candidate(record));
      }
    }
  }
  for (const [formId, names] of linkedNames(plan)) {
    const form = plan.forms.find((known) => known.id === formId);
    if (!form?.title) continue;
    const feeds = plan.sheets.flatMap((sheet) =>
      sheet.targets.filter((target) => target.plan.formId === formId).map((target) => target.key),
    );
    const found = await lookup.find(ctx, { formId, fields: [form.title], first: [...names], visibleOnly: true });
    for (const record of found) {
      if (!feeds.some((target) => plan.ids.made(target, record.id)))
        push(named, `${formId}/${record.keys[0] ?? ''}`, candidate(record));
    }
  }
  return {
    same: (target, identity) => same.get(`${target}/${identity}`) ?? [],
    named: (formId, name) => named.get(`${formId}/${name}`) ?? [],
  };
}

async function sameRecords(
  ctx: TenantContext,
  plan: CompiledPlan,
  sheet: CompiledSheet,
  target: CompiledTarget,
  lookup: RecordLookup,
): Promise<FoundRecord[]> {
  const { formId } = target.plan;
  if (!formId) return [];
  if (target.parent)
    return plan.options.duplicates === 'merge'
      ? sameChildren(ctx, formId, sheet, target, target.parent.field, lookup)
      : [];
  if (target.identity.length === 0) return [];
  const first = new Set(
    sheet.table.dataRows.map((at) => identityOfRow(target, sheet.rows.at(at) ?? []).split(identitySeparator)[0] ?? ''),
  );
  first.delete('');
  return lookup.find(ctx, {
    formId,
    fields: target.identity.map((column) => column.fieldKey),
    first: [...first],
    // Names tell repeats of what the person cannot see; an id must not tell him that a record exists.
    visibleOnly: isById(target),
  });
}

function sameChildren(
  ctx: TenantContext,
  formId: FormId,
  sheet: CompiledSheet,
  target: CompiledTarget,
  parent: string,
  lookup: RecordLookup,
): Promise<FoundRecord[]> {
  const [main] = sheet.targets;
  const { title } = target;
  if (!main || !title) return Promise.resolve([]);
  const names = sheet.table.dataRows.map((at) =>
    bare(title.column ? titleText(target, sheet, at) : derivedTitle(titleText(main, sheet, at), target)),
  );
  return lookup.find(ctx, { formId, fields: [title.fieldKey], first: [...new Set(names)], parent, visibleOnly: false });
}

function linkedNames(plan: CompiledPlan): Map<FormId, Set<string>> {
  const names = new Map<FormId, Set<string>>();
  for (const sheet of plan.sheets) {
    for (const link of sheet.targets.flatMap((target) => target.links)) {
      if (!link.formId) continue;
      const wanted = names.get(link.formId) ?? new Set<string>();
      names.set(link.formId, wanted);
      for (const at of sheet.table.dataRows) {
        const name = bare(cellText(sheet.rows.at(at)?.[link.index] ?? null));
        if (name !== '') wanted.add(name);
      }
    }
  }
  return names;
}

function push(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const list = map.get(key);
  if (list) list.push(candidate);
  else map.set(key, [candidate]);
}
