import type { ImportId, TenantId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { LOGGER } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { FormsService } from '../../forms/forms.service.js';
import { TenantDirectory } from '../../org/tenant-directory.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { UndoService } from '../../records/undo.service.js';
import type { RowOutcome } from '../check/outcome.js';
import type { ImportRow, StoredPlan } from '../import-row.js';
import { ImportsRepository } from '../imports.repository.js';
import { breathe, ImportPlanner } from '../plan/import-planner.js';
import { MappingsRepository } from '../plan/mappings.repository.js';
import { importWords } from '../words.js';
import { ImportFiles } from '../workbook/import-files.js';
import type { Workbook } from '../workbook/workbook.js';
import { type Chunk, chunksOf, mayRunBeside } from './chunks.js';
import { createForms } from './create-forms.js';
import { failureMessage } from './failure-message.js';
import { ImportPictures, type PictureStore } from './import-pictures.js';
import { type ChunkReport, type ChunkWriter, writeChunk } from './write-chunk.js';

const renewEveryMs = 5000;

/** Ends a run without closing the import: another worker has it, or the process stops; what is left is done later. */
class Interrupted extends Error {}

/** Does the work of imports and of their undoing, from wherever an earlier try stopped. */
@Injectable()
export class ImportRunner {
  private readonly parts: ChunkWriter;

  constructor(
    private readonly repository: ImportsRepository,
    private readonly planner: ImportPlanner,
    private readonly files: ImportFiles,
    private readonly pictures: ImportPictures,
    private readonly tenants: TenantDirectory,
    private readonly forms: FormsService,
    private readonly mappings: MappingsRepository,
    database: Database,
    registry: FormRegistry,
    reader: RecordReader,
    writer: RecordWriter,
    private readonly undoing: UndoService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.parts = { database, registry, reader, writer };
  }

  /** Runs an import to its end. Does nothing when it is over or in other hands. */
  run(tenantId: TenantId, id: ImportId, signal: AbortSignal): Promise<void> {
    return this.leased(tenantId, id, 'running', signal, (row, alive) => this.import(row, alive));
  }

  /** Takes an import's records back. */
  undo(tenantId: TenantId, id: ImportId, signal: AbortSignal): Promise<void> {
    return this.leased(tenantId, id, 'undoing', signal, async (row, alive) => {
      const ctx = await this.context(row);
      const undo = await this.undoing.undo(ctx, row.batch_id, async (done, total) => {
        alive();
        await this.repository.progress(scopeOf(row), row, done, total);
      });
      await this.repository.finish(scopeOf(row), row, { state: 'undone', undo });
    });
  }

  private async leased(
    tenantId: TenantId,
    id: ImportId,
    state: 'running' | 'undoing',
    signal: AbortSignal,
    work: (row: ImportRow, alive: () => void) => Promise<void>,
  ): Promise<void> {
    const row = await this.repository.lease({ tenantId }, id, state);
    if (!row) return;
    let lost = false;
    const timer = setInterval(() => {
      this.repository.renew({ tenantId }, id, row.epoch).then(
        (mine) => {
          lost ||= !mine;
        },
        (error: unknown) => this.logger.warn({ err: error, import: id }, 'renewing the lease of an import failed'),
      );
    }, renewEveryMs);
    try {
      await work(row, () => {
        if (lost || signal.aborted) throw new Interrupted();
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) {
        if (!(error instanceof AppError)) this.logger.error({ err: error, import: id }, 'an import failed');
        await this.repository.finish({ tenantId }, row, {
          state: 'failed',
          error: failureMessage(error, importWords[row.language]),
        });
      }
    } finally {
      clearInterval(timer);
      await this.repository.release({ tenantId }, id, row.epoch);
    }
  }

  private async import(row: ImportRow, alive: () => void): Promise<void> {
    const workbook = await this.files.workbook(row);
    const pictures = this.pictures.of(row, workbook);
    try {
      await this.write(row, alive, workbook, pictures);
    } finally {
      await pictures.close();
    }
  }

  private async write(row: ImportRow, alive: () => void, workbook: Workbook, pictures: PictureStore): Promise<void> {
    const { plan, results } = row.forms_ready ? row : await this.makeForms(row);
    alive();
    const ctx = await this.context(row);
    const { compiled, evaluator } = await this.planner.judge(ctx, row.id, row.app_id, workbook, plan);
    const judged = ({ sheet, rows }: Chunk) => rows.map((at) => evaluator.outcome(sheet, at));
    const begin = (chunk: Chunk, outcomes: readonly RowOutcome[]) => {
      const writing = this.chunk(row, chunk, outcomes, pictures, !plan.options.runFlows);
      // It may fail while something else is waited for; whoever waits for it is told.
      writing.catch(() => undefined);
      return writing;
    };
    const state = { nextChunk: row.next_chunk, done: row.progress_done, results };
    const left = chunksOf(compiled).slice(row.next_chunk);
    let outcomes = left[0] ? judged(left[0]) : [];
    let [current, ahead]: (Promise<ChunkReport> | undefined)[] = [];
    try {
      for (const [at, chunk] of left.entries()) {
        alive();
        const cancelled = await this.repository.isCancelled(ctx, row.id);
        if (cancelled && !ahead) {
          await this.repository.finish(ctx, row, { state: 'cancelled' });
          return;
        }
        current = ahead ?? begin(chunk, outcomes);
        ahead = undefined;
        // The next rows are judged while the database writes these, and on their way to it where they may be.
        const next = left[at + 1];
        await breathe();
        const more = next ? judged(next) : [];
        if (next && !cancelled && (await this.beside(ctx, plan, workbook, [chunk, next], [outcomes, more])))
          ahead = begin(next, more);
        const report = await current;
        outcomes = more;
        state.nextChunk = chunk.index + 1;
        state.done += report.done;
        state.results = state.results.map((result) => addCounts(result, report.counts.get(result.target)));
        if (!(await this.repository.checkpoint(ctx, row, state, report.failed))) throw new Interrupted();
        if (plan.options.onError === 'abort' && report.failed.length > 0) {
          await this.takeBack(row, report.failed[0]);
          return;
        }
      }
    } finally {
      // What is in the database already comes to its end before anybody else takes the import.
      await Promise.allSettled([current, ahead]);
    }
    await this.mappings.keep(ctx, row.app_id, plan);
    await this.repository.finish(ctx, row, { state: 'done' });
  }

  /** Writes a chunk. Rights are looked up anew for each: whoever loses them stops here. */
  private async chunk(
    row: ImportRow,
    { sheet }: Chunk,
    outcomes: readonly RowOutcome[],
    pictures: PictureStore,
    quiet: boolean,
  ): Promise<ChunkReport> {
    const now = await this.context(row);
    await pictures.store(now, outcomes);
    return writeChunk(this.parts, now, sheet, outcomes, { batchId: row.batch_id, quiet });
  }

  /** Whether the second chunk may be on its way while the first is. */
  private async beside(
    ctx: TenantContext,
    plan: StoredPlan,
    workbook: Workbook,
    [one, other]: readonly [Chunk, Chunk],
    outcomes: readonly (readonly RowOutcome[])[],
  ): Promise<boolean> {
    const formId = one.sheet.targets[0]?.plan.formId;
    if (plan.options.onError === 'abort' || one.sheet !== other.sheet || !formId) return false;
    if ((workbook.pictures ?? []).length > 0) return false;
    return mayRunBeside(one.sheet, await this.parts.registry.form(ctx, formId), outcomes);
  }

  /** All or nothing: the first row that fails takes everything back. */
  private async takeBack(row: ImportRow, first: { row: number; reason: string } | undefined): Promise<void> {
    const ctx = await this.context(row);
    const undo = await this.undoing.undo(ctx, row.batch_id).catch((error: unknown) => {
      // Nothing had been written before that row.
      if (error instanceof AppError && error.code === 'not_found') return { reversed: 0, kept: 0, failed: 0, rows: [] };
      throw error;
    });
    await this.repository.finish(ctx, row, {
      state: 'failed',
      undo,
      error: importWords[row.language].takenBack((first?.row ?? 0) + 1, first?.reason ?? ''),
    });
  }

  private async makeForms(row: ImportRow): Promise<Pick<ImportRow, 'plan' | 'results'>> {
    const plan = await createForms({ forms: this.forms, fresh: () => this.context(row) }, row.app_id, row.plan);
    const targets = plan.sheets.flatMap((sheet) => sheet.targets);
    const results = row.results.map((result) => ({
      ...result,
      formId: targets.find((target) => target.key === result.target)?.formId ?? result.formId,
    }));
    if (!(await this.repository.formsReady(scopeOf(row), row, plan, results))) throw new Interrupted();
    return { plan, results };
  }

  /** Acts as the person who started the import, with the rights of this moment. */
  private async context(row: ImportRow): Promise<TenantContext> {
    const actor = row.created_by
      ? ({ kind: 'member', memberId: row.created_by } as const)
      : ({ kind: 'system', name: 'seed' } as const);
    const ctx = await this.tenants.context(row.tenant_id, actor, { door: 'import', batchId: row.batch_id });
    return { ...ctx, language: row.language };
  }
}

function scopeOf(row: ImportRow): { tenantId: TenantId } {
  return { tenantId: row.tenant_id };
}

function addCounts(
  result: ImportView['results'][number],
  more: Pick<ImportView['results'][number], 'created' | 'updated' | 'skipped' | 'failed'> | undefined,
): ImportView['results'][number] {
  if (!more) return result;
  return {
    ...result,
    created: result.created + more.created,
    updated: result.updated + more.updated,
    skipped: result.skipped + more.skipped,
    failed: result.failed + more.failed,
  };
}
