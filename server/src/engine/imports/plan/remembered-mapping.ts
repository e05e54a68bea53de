import { createHash } from 'node:crypto';
import { columnTarget, type ImportOptions, importTarget, type SheetPlan } from '@lianke/shared/imports/api';
import { z } from 'zod';
import type { KnownForm } from '../columns/match-fields.js';
import { reasonHeaders } from '../columns/propose-plan.js';
import type { StoredPlan } from '../import-row.js';

/** How a sheet of these headers was imported the last time. */
export const rememberedMapping = z.object({
  targets: z.array(importTarget),
  columns: z.array(z.object({ header: z.string(), to: columnTarget })),
  duplicates: z.enum(['merge', 'skip', 'create']),
  ambiguous: z.enum(['choose', 'owner', 'first', 'refuse']),
  options: z.record(z.string(), z.record(z.string(), z.string().nullable())),
  people: z.record(z.string(), z.string().nullable()),
  grouping: z.enum(['records', 'subform']).optional(),
});
export type RememberedMapping = z.infer<typeof rememberedMapping>;

/** Tells sheets of the same headers from others; undefined for one without a table. */
export function signatureOf(
  sheet: Pick<SheetPlan, 'headerRow' | 'columns'>,
  wanted: string | undefined,
): string | undefined {
  if (sheet.headerRow === null) return undefined;
  const headers = sheet.columns
    .map((column) => column.header)
    .filter((header) => header !== '' && !reasonHeaders.has(header));
  if (headers.length === 0) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([wanted ?? '', headers]))
    .digest('hex');
}

/** What to remember of a sheet whose forms exist. */
export function mappingOf(sheet: SheetPlan, options: ImportOptions): RememberedMapping {
  const mine = sheet.targets.map((target) => target.key);
  return {
    targets: sheet.targets,
    columns: sheet.columns.filter(({ header }) => header !== '').map(({ header, to }) => ({ header, to })),
    duplicates: options.duplicates,
    ambiguous: options.ambiguous,
    options: Object.fromEntries(
      Object.entries(options.options).filter(([name]) => mine.includes(name.split('.')[0] ?? '')),
    ),
    people: options.people,
    ...(sheet.grouping && { grouping: sheet.grouping.as }),
  };
}

/** The proposed plan with the sheets that are remembered as they went; what does not exist any more is proposed as always. */
export function withRemembered(
  proposed: readonly SheetPlan[],
  options: ImportOptions,
  remembered: ReadonlyMap<number, RememberedMapping>,
  forms: readonly KnownForm[],
  isMember: (id: string) => boolean,
): StoredPlan {
  let merged = options;
  const usable = new Map(
    [...remembered].filter(([index, mapping]) => fits(mapping, proposed, remembered, index, forms)),
  );
  const sheets = proposed.map((sheet): SheetPlan => {
    const mapping = usable.get(sheet.index);
    if (!mapping) return sheet;
    const to = new Map(mapping.columns.map((column) => [column.header, column.to]));
    merged = {
      ...merged,
      duplicates: mapping.duplicates,
      ambiguous: mapping.ambiguous,
      options: { ...merged.options, ...mapping.options },
      people: {
        ...merged.people,
        ...Object.fromEntries(Object.entries(mapping.people).filter(([, id]) => id === null || isMember(id))),
      } as ImportOptions['people'],
    };
    return {
      ...sheet,
      targets: mapping.targets,
      columns: sheet.columns.map((column) => ({ ...column, to: to.get(column.header) ?? column.to })),
      remembered: true,
    };
  });
  return { sheets, options: merged };
}

/** The forms and fields exist and may be filled, and no other sheet feeds a target of the same key. */
function fits(
  mapping: RememberedMapping,
  proposed: readonly SheetPlan[],
  remembered: ReadonlyMap<number, RememberedMapping>,
  index: number,
  forms: readonly KnownForm[],
): boolean {
  const others = proposed
    .filter((sheet) => sheet.index !== index)
    .flatMap((sheet) => (remembered.get(sheet.index)?.targets ?? sheet.targets).map((target) => target.key));
  const targets = new Map(mapping.targets.map((target) => [target.key, target]));
  if ([...targets.keys()].some((key) => others.includes(key))) return false;
  const fieldExists = (key: string | null, field: string | null) => {
    const target = targets.get(key ?? '');
    const form = forms.find((known) => known.id === target?.formId);
    return field === null || form?.fields.some((known) => known.key === field) === true;
  };
  return (
    mapping.targets.every(
      (target) =>
        fieldExists(target.key, target.link?.field ?? null) &&
        target.matchOn.every((key) => fieldExists(target.key, key)),
    ) && mapping.columns.every(({ to }) => to.target === null || fieldExists(to.target, to.field))
  );
}
