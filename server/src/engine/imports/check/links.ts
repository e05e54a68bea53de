import { bare, cellText, partsOf } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { ImportOptions } from '@lianke/shared/imports/api';
import type { Candidate, CompiledLink, CompiledPlan, CompiledSheet, CompiledTarget } from '../plan/compiled.js';
import type { MatchKey } from '../plan/match-key.js';
import type { ExistingRecords } from './existing.js';

/** What a text in a relation column came to. */
export type LinkResult =
  | { kind: 'blank' }
  | { kind: 'found'; id: RecordId; candidates: readonly Candidate[] }
  | { kind: 'unknown' }
  /** Several records of this name, none decided upon. */
  | { kind: 'open'; candidates: readonly Candidate[] }
  /** Left out by the person, or by the rule. */
  | { kind: 'declined'; candidates: readonly Candidate[] };

/** What a text that names several records came to. */
export interface ManyLinks {
  blank: boolean;
  ids: RecordId[];
  unknown: string[];
  unclear: { text: string; count: number }[];
}

/** The names in a cell: the whole of it where that is one, else what stands between the separators. */
export function textsIn(cell: SheetCell, isName: (text: string) => boolean): string[] {
  const text = cellText(cell).trim();
  return text === '' ? [] : isName(text) ? [text] : partsOf(text);
}

/** The name of one row's relation in `options.links`. @param at 0-based row */
export function linkKey(sheet: Pick<CompiledSheet, 'index'>, at: number, link: Pick<CompiledLink, 'index'>): string {
  return `${sheet.index}:${at + 1}:${link.index}`;
}

/** Finds the record that a text names: exactly, after folding width, case and blanks; never by likeness. */
export class Links {
  private readonly cache = new Map<string, readonly Candidate[]>();

  constructor(
    private readonly plan: CompiledPlan,
    private readonly planned: (target: string, by: MatchKey | null) => ReadonlyMap<string, readonly Candidate[]>,
    private readonly existing: ExistingRecords,
  ) {}

  resolve(sheet: CompiledSheet, at: number, link: CompiledLink, person: MemberId | null): LinkResult {
    const text = cellText(sheet.rows.at(at)?.[link.index] ?? null).trim();
    if (text === '') return { kind: 'blank' };
    const name = link.by ? link.by.read(sheet.rows.at(at)?.[link.index] ?? null) : bare(text);
    const candidates = name === '' ? [] : this.candidates(link, name);
    const [only] = candidates;
    if (!only) return { kind: 'unknown' };
    if (candidates.length === 1) return { kind: 'found', id: only.id, candidates };
    const chosen = this.plan.options.links[linkKey(sheet, at, link)];
    if (chosen === null) return { kind: 'declined', candidates };
    const picked =
      candidates.find((candidate) => candidate.id === chosen) ?? pick(this.plan.options.ambiguous, candidates, person);
    if (picked) return { kind: 'found', id: picked.id, candidates };
    return this.plan.options.ambiguous === 'refuse' ? { kind: 'declined', candidates } : { kind: 'open', candidates };
  }

  /** The records that a text names one by one, or as a whole, and the names that are of none or of more than one can be told. */
  resolveMany(sheet: CompiledSheet, at: number, link: CompiledLink, person: MemberId | null): ManyLinks {
    const found: ManyLinks = { blank: true, ids: [], unknown: [], unclear: [] };
    for (const text of textsIn(sheet.rows.at(at)?.[link.index] ?? null, (name) => this.named(link, name).length > 0)) {
      found.blank = false;
      const candidates = this.named(link, text);
      const [only] = candidates;
      const picked = candidates.length > 1 ? pick(this.plan.options.ambiguous, candidates, person) : only;
      if (picked) found.ids.push(picked.id);
      else if (only) found.unclear.push({ text, count: candidates.length });
      else found.unknown.push(text);
    }
    found.ids = [...new Set(found.ids)];
    return found;
  }

  private named(link: CompiledLink, text: string): readonly Candidate[] {
    const name = link.by ? link.by.read(text) : bare(text);
    return name === '' ? [] : this.candidates(link, name);
  }

  private candidates(link: CompiledLink, name: string): readonly Candidate[] {
    const by = link.by?.fieldKey ?? null;
    const key = `${link.formId ?? link.feeds.join()}/${by ?? ''}/${name}`;
    const known = this.cache.get(key);
    if (known) return known;
    const all = [
      ...link.feeds.flatMap((target) => this.planned(target, link.by).get(name) ?? []),
      ...(link.formId ? this.existing.named(link.formId, by, name) : []),
    ];
    const found = [...new Map(all.map((candidate) => [candidate.id, candidate])).values()];
    this.cache.set(key, found);
    return found;
  }
}

/** The record the company has that a relation column names in a row: the only one, or the one chosen of several. */
export function knownByLink(
  { options }: Pick<CompiledPlan, 'options'>,
  existing: ExistingRecords,
  sheet: CompiledSheet,
  at: number,
  link: CompiledLink,
  name: string,
  person: MemberId | null,
): Candidate | undefined {
  const candidates = link.formId ? existing.named(link.formId, link.by?.fieldKey ?? null, name) : [];
  if (candidates.length < 2) return candidates[0];
  const chosen = options.links[linkKey(sheet, at, link)];
  return candidates.find((candidate) => candidate.id === chosen) ?? pick(options.ambiguous, candidates, person);
}

function pick(
  rule: ImportOptions['ambiguous'],
  candidates: readonly Candidate[],
  person: MemberId | null,
): Candidate | undefined {
  if (rule === 'first') return candidates[0];
  if (rule !== 'owner' || person === null) return undefined;
  const own = candidates.filter((candidate) => candidate.owner === person);
  return own.length === 1 ? own[0] : undefined;
}

export function isVisit(target: CompiledTarget): boolean {
  return target.isLines !== true && target.identity.length === 0 && target.links.some((link) => !link.many);
}
