import type { BatchId, RecordId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import type { BatchResult } from '@lianke/shared/records/write';
import type { Database } from '../../../kernel/database/database.js';
import type { TenantContext } from '../../context.js';
import type { FormRegistry } from '../../forms/form-registry.js';
import type { RecordReader } from '../../records/record-reader.js';
import type { RecordWriter } from '../../records/record-writer.js';
import type { PlannedWrite, RowOutcome } from '../check/outcome.js';
import type { FailedRow } from '../import-row.js';
import type { CompiledSheet, CompiledTarget } from '../plan/compiled.js';

export interface ChunkWriter {
  database: Database;
  registry: FormRegistry;
  reader: RecordReader;
  writer: RecordWriter;
}

interface Planned extends PlannedWrite {
  row: number;
}

type Counts = Pick<ImportView['results'][number], 'created' | 'updated' | 'skipped' | 'failed'>;

/** What a chunk of rows came to. */
export interface ChunkReport {
  counts: Map<string, Counts>;
  failed: FailedRow[];
  /** Records worked on, for the progress. */
  done: number;
}

/** Writes the outcomes of up to 5,000 rows, each target as one batch, what others point at first. */
export async function writeChunk(
  parts: ChunkWriter,
  ctx: TenantContext,
  sheet: CompiledSheet,
  outcomes: readonly RowOutcome[],
  options: { batchId: BatchId; quiet: boolean },
): Promise<ChunkReport> {
  const report: ChunkReport = {
    counts: new Map(sheet.targets.map((target) => [target.key, { created: 0, updated: 0, skipped: 0, failed: 0 }])),
    failed: [],
    done: 0,
  };
  const main = sheet.targets[0]?.key ?? '';
  for (const outcome of outcomes) {
    const counts = report.counts.get(main);
    if (outcome.state === 'skipped' && counts) counts.skipped++;
    if (outcome.state !== 'refused' && outcome.state !== 'open') continue;
    if (counts) counts.failed++;
    report.failed.push({ sheet: sheet.index, row: outcome.row, reason: outcome.reason ?? '' });
  }
  const lost = new Set<RecordId>();
  for (const level of levelsOf(sheet.targets)) {
    await Promise.all(level.map((target) => writeTarget(parts, ctx, sheet, target, outcomes, options, lost, report)));
  }
  return report;
}

/** Targets that may be written at the same time, level by level. */
function levelsOf(targets: readonly CompiledTarget[]): CompiledTarget[][] {
  const depth = (target: CompiledTarget): number => {
    const parent = targets.find((other) => other.key === target.parent?.target);
    return parent && parent !== target ? depth(parent) + 1 : 0;
  };
  const levels: CompiledTarget[][] = [];
  for (const target of targets) {
    const level = depth(target);
    levels[level] = [...(levels[level] ?? []), target];
  }
  return levels.filter(Boolean);
}

async function writeTarget(
  parts: ChunkWriter,
  ctx: TenantContext,
  sheet: CompiledSheet,
  target: CompiledTarget,
  outcomes: readonly RowOutcome[],
  options: { batchId: BatchId; quiet: boolean },
  lost: Set<RecordId>,
  report: ChunkReport,
): Promise<void> {
  const formId = target.plan.formId;
  const counts = report.counts.get(target.key);
  if (!formId || !counts) return;
  const planned = outcomes.flatMap((outcome) =>
    outcome.writes.filter((write) => write.target === target.key).map((write) => ({ ...write, row: outcome.row })),
  );
  report.done += planned.length;
  // Whatever hung on a record that could not be made goes with it; its row is in the list already.
  const standing = planned.filter(
    (write) => !target.parent || !lost.has(write.values[target.parent.field] as RecordId),
  );
  counts.failed += planned.length - standing.length;
  const creates = standing.filter((write) => write.op === 'create');
  const changes = standing.filter((write) => write.op === 'change');
  const fills = await filled(
    parts,
    ctx,
    target,
    standing.filter((write) => write.op === 'fill'),
  );
  counts.skipped += fills.untouched;
  for (const { op, rows } of [
    { op: 'create' as const, rows: creates },
    { op: 'update' as const, rows: [...changes, ...fills.rows] },
  ]) {
    if (rows.length === 0) continue;
    const { results } = await parts.writer.write(ctx, {
      formId,
      op,
      rows: rows.map(({ id, values }) => ({ id, values })),
      batchId: options.batchId,
      quiet: options.quiet,
      trusted: true,
      knownById: true,
    });
    for (const result of results) {
      const write = rows[result.index];
      if (!write) continue;
      if (result.status !== 'failed') counts[op === 'create' ? 'created' : 'updated']++;
      else {
        counts.failed++;
        lost.add(write.id);
        report.failed.push({ sheet: sheet.index, row: write.row, reason: failureText(target, result, sheet) });
      }
    }
  }
}

function failureText(target: CompiledTarget, result: BatchResult, sheet: CompiledSheet): string {
  const { words } = target;
  const fields = result.error?.fields?.map((field) => words.ofField(nameOf(target, field.field), field.message)) ?? [];
  const why = fields.length > 0 ? words.clauses(fields) : (result.error?.message ?? words.notWritten());
  return target === sheet.targets[0] ? why : words.formLeftOut(target.formName, why);
}

function nameOf(target: CompiledTarget, key: string): string {
  const inLine = /^(\w+)\[(\d+)\]\.(\w+)$/.exec(key);
  const lines = inLine && target.lines.find((other) => other.fieldKey === inLine[1]);
  if (lines) return target.words.ofLine(lines.fieldName, Number(inLine[2]) + 1, nameOf(lines.target, inLine[3] ?? ''));
  return [...target.columns, ...target.links].find((column) => column.fieldKey === key)?.fieldName ?? key;
}

/** Only what the records lack: what a colleague wrote is never overwritten by a file. */
async function filled(
  parts: ChunkWriter,
  ctx: TenantContext,
  target: CompiledTarget,
  writes: readonly Planned[],
): Promise<{ rows: Planned[]; untouched: number }> {
  const formId = target.plan.formId;
  if (writes.length === 0 || !formId) return { rows: [], untouched: 0 };
  const form = await parts.registry.form(ctx, formId);
  const stored = await parts.database.withTenant(ctx, (tx) =>
    parts.reader.stored(
      tx,
      ctx,
      formId,
      writes.map((write) => write.id),
    ),
  );
  const byId = new Map(stored.map((record) => [record.id, record.values]));
  const rows = writes.flatMap((write) => {
    const now = byId.get(write.id);
    if (!now) return [write];
    const values: Record<string, Json> = {};
    for (const [key, value] of Object.entries(write.values)) {
      const field = form.field(key);
      const before = field ? (now[field.id] ?? null) : null;
      const later = field?.typeName === 'lastContact' && value !== null && String(value) > String(before);
      if (value !== null && (before === null || later)) values[key] = value;
    }
    return Object.keys(values).length === 0 ? [] : [{ ...write, values }];
  });
  return { rows, untouched: writes.length - rows.length };
}
