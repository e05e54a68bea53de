import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AppId, BatchId, FormId, ImportId } from '@lianke/shared/ids';
import {
  type EarlierImport,
  type ImportView,
  type IssueRow,
  importOptions,
  type PlanBody,
} from '@lianke/shared/imports/api';
import { Injectable } from '@nestjs/common';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { AppsService } from '../apps/apps.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import type { Evaluation } from './check/evaluation.js';
import { issueRows } from './check/issue-rows.js';
import type { IssueKind } from './check/outcome.js';
import { ImportJobs } from './import-jobs.js';
import type { ImportRow } from './import-row.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportPlanner } from './plan/import-planner.js';
import { errorWorkbook } from './run/error-workbook.js';
import { ImportPictures } from './run/import-pictures.js';
import { importWords } from './words.js';
import { ImportFiles } from './workbook/import-files.js';
import type { Workbook } from './workbook/workbook.js';

const heldEvaluations = 4;

/** Imports as a person sees them: upload, check, start, watch, undo. */
@Injectable()
export class ImportsService {
  private readonly evaluations = new Map<ImportId, { key: string; evaluation: Evaluation }>();

  constructor(
    private readonly repository: ImportsRepository,
    private readonly planner: ImportPlanner,
    private readonly files: ImportFiles,
    private readonly jobs: ImportJobs,
    private readonly access: AccessService,
    private readonly apps: AppsService,
    private readonly pictures: ImportPictures,
  ) {}

  /** Takes in a file, finds its tables and proposes where they go. */
  async create(
    ctx: TenantContext,
    target: { appId: AppId; formId?: FormId | undefined },
    upload: { name: string; content: Readable },
  ): Promise<ImportView> {
    if (!(await this.apps.list(ctx)).some((app) => app.id === target.appId)) throw new AppError('not_found');
    const id = uuid7() as ImportId;
    const fileName = upload.name.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(-200) || 'file';
    const hash = createHash('sha256');
    const content = Readable.from(noting(upload.content, hash), { objectMode: false });
    const workbook = await this.files.receive(id, content);
    const plan = await this.planner.propose(ctx, target.appId, workbook, fileName, { formId: target.formId });
    const evaluation = await this.planner.evaluate(ctx, id, target.appId, workbook, plan);
    this.hold(id, keyOf(ctx, 1), evaluation);
    const check = evaluation.check();
    await this.repository.insert(ctx, {
      id,
      app_id: target.appId,
      file_name: fileName,
      storage_key: id,
      content_hash: hash.digest('hex'),
      plan,
      check_result: check,
      batch_id: uuid7() as BatchId,
      created_by: memberOf(ctx),
      language: languageIn(ctx),
    });
    return this.get(ctx, id);
  }

  async get(ctx: TenantContext, id: ImportId): Promise<ImportView> {
    return this.checked(ctx, await this.load(ctx, id));
  }

  /** The latest imports, of one app if given, without their previews. Whoever may not design sees only his own. */
  async list(ctx: TenantContext, appId?: AppId): Promise<ImportView[]> {
    const { design } = await this.access.permissions(ctx);
    const rows = await this.repository.list(ctx, appId, design ? null : memberOf(ctx));
    return Promise.all(rows.map(async (row) => withoutPreviews(await this.view(ctx, row))));
  }

  /** Changes the plan and judges it anew. */
  async plan(ctx: TenantContext, id: ImportId, body: Partial<PlanBody>): Promise<ImportView> {
    const row = await this.ready(ctx, id);
    const workbook = await this.files.workbook(row);
    const plan = body.anew
      ? await this.planner.propose(ctx, row.app_id, workbook, row.file_name, { remember: false })
      : await this.planner.change(ctx, row.app_id, workbook, row.file_name, row.plan, body);
    const evaluation = await this.planner.evaluate(ctx, id, row.app_id, workbook, plan);
    const saved = await this.repository.savePlan(ctx, id, plan, evaluation.check(), languageIn(ctx));
    this.hold(id, keyOf(ctx, saved.revision), evaluation);
    return this.checked(ctx, saved);
  }

  /** Rows behind one count of the check, before → after. */
  async rows(
    ctx: TenantContext,
    id: ImportId,
    query: { sheet: string; kind: IssueKind | 'import'; subject?: string | undefined; offset: number; limit: number },
  ): Promise<{ items: IssueRow[]; total: number }> {
    const row = await this.load(ctx, id);
    if (row.state !== 'ready')
      throw refusal('wrong_state', {
        zh: '核对只在导入开始之前',
        en: 'an import can be checked only before it begins',
      });
    const evaluation = await this.evaluation(ctx, row, await this.files.workbook(row));
    const found = evaluation.rowsOf(query.kind, query.sheet, query.subject);
    if (!found)
      throw refusal('invalid_request', {
        zh: `没有要导入的工作表“${query.sheet}”`,
        en: `there is no sheet "${query.sheet}" to import`,
      });
    const org = await this.planner.orgOf(ctx);
    const page = found.rows.slice(query.offset, query.offset + query.limit);
    return {
      items: issueRows(evaluation, found.sheet, page, query.kind, query.subject, (member) => org.nameOf(member)),
      total: found.rows.length,
    };
  }

  /** Begins the import; a body changes the plan first. */
  async start(ctx: TenantContext, id: ImportId, body: Partial<PlanBody>): Promise<ImportView> {
    if (body.sheets || body.options) await this.plan(ctx, id, body);
    const row = await this.ready(ctx, id);
    const evaluation = await this.evaluation(ctx, row, await this.files.workbook(row));
    if (evaluation.total === 0)
      throw refusal('wrong_state', { zh: '没有可以导入的行', en: 'there are no rows to import' });
    if (row.plan.options.onError === 'abort') {
      const [first] = evaluation.leftOut();
      if (first)
        throw refusal('wrong_state', {
          zh: `工作表“${first.sheet.name}”第 ${first.row + 1} 行不能导入（${first.reason}），请改好文件，或选择跳过出错的行`,
          en: `row ${first.row + 1} of sheet "${first.sheet.name}" cannot be imported (${first.reason}); correct the file, or choose to skip rows with errors`,
        });
    }
    const results = evaluation.plan.sheets.flatMap((sheet) =>
      sheet.targets.map((target) => ({
        target: target.key,
        formId: target.plan.formId ?? '',
        formName: target.formName,
        created: 0,
        updated: 0,
        skipped: 0,
        failed: 0,
      })),
    );
    const started = await this.repository.start(ctx, id, row.revision, evaluation.total, results);
    this.evaluations.delete(id);
    await this.jobs.enqueue('running', ctx.tenantId, id);
    return this.view(ctx, started);
  }

  /** A workbook to be filled in for a form and imported. */
  template(ctx: TenantContext, formId: FormId): Promise<{ name: string; content: Buffer }> {
    return this.planner.template(ctx, formId);
  }

  async cancel(ctx: TenantContext, id: ImportId): Promise<ImportView> {
    await this.load(ctx, id);
    return this.view(ctx, await this.repository.cancel(ctx, id));
  }

  async undo(ctx: TenantContext, id: ImportId): Promise<ImportView> {
    await this.load(ctx, id);
    const row = await this.repository.startUndo(ctx, id);
    await this.jobs.enqueue('undoing', ctx.tenantId, id);
    return this.view(ctx, row);
  }

  /** The rows that did not, or will not, come in, as a workbook to be mended. */
  async errors(ctx: TenantContext, id: ImportId): Promise<{ name: string; content: Buffer }> {
    const row = await this.load(ctx, id);
    const workbook = await this.files.workbook(row);
    const failed =
      row.state === 'ready'
        ? [...(await this.evaluation(ctx, row, workbook)).leftOut()].map(({ sheet, row: at, reason }) => ({
            sheet: sheet.index,
            row: at,
            reason,
          }))
        : await this.repository.failures(ctx, id);
    const base = row.file_name.replace(/\.[^.]{1,5}$/, '');
    const bytesOf = (names: readonly string[]) => this.pictures.bytesOf(row, workbook, names);
    const words = importWords[row.language];
    return { name: words.errorsName(base), content: await errorWorkbook(workbook, row.plan, failed, bytesOf, words) };
  }

  private async evaluation(ctx: TenantContext, row: ImportRow, workbook: Workbook): Promise<Evaluation> {
    const key = keyOf(ctx, row.revision);
    const held = this.evaluations.get(row.id);
    if (held?.key === key) return held.evaluation;
    const asImporter = { ...ctx, language: row.language };
    const evaluation = await this.planner.evaluate(asImporter, row.id, row.app_id, workbook, row.plan);
    this.hold(row.id, key, evaluation);
    return evaluation;
  }

  private hold(id: ImportId, key: string, evaluation: Evaluation): void {
    this.evaluations.delete(id);
    this.evaluations.set(id, { key, evaluation });
    const oldest = this.evaluations.keys().next().value;
    if (this.evaluations.size > heldEvaluations && oldest !== undefined) this.evaluations.delete(oldest);
  }

  /** The import, if the reader made it or designs the company's apps. */
  private async load(ctx: TenantContext, id: ImportId): Promise<ImportRow> {
    const row = await this.repository.find(ctx, id);
    if (!row || !(await this.mayOpen(ctx, row))) throw new AppError('not_found');
    return row;
  }

  private async mayOpen(ctx: TenantContext, row: ImportRow): Promise<boolean> {
    const me = memberOf(ctx);
    return me === null || row.created_by === me || (await this.access.permissions(ctx)).design;
  }

  private async ready(ctx: TenantContext, id: ImportId): Promise<ImportRow> {
    const row = await this.load(ctx, id);
    if (row.state !== 'ready')
      throw refusal('wrong_state', {
        zh: '这次导入已经开始或已经结束',
        en: 'this import has begun or has ended already',
      });
    return row;
  }

  /** An import with whether its file came in before, as long as it can be left. */
  private async checked(ctx: TenantContext, row: ImportRow): Promise<ImportView> {
    const view = await this.view(ctx, row);
    return row.state === 'ready' && row.content_hash !== null
      ? { ...view, earlier: await this.earlier(ctx, row) }
      : view;
  }

  private async earlier(ctx: TenantContext, row: ImportRow): Promise<EarlierImport | null> {
    const found = await this.repository.earlier(ctx, row);
    if (!found) return null;
    const { createdAt, createdBy, results } = await this.view(ctx, found);
    return {
      id: (await this.mayOpen(ctx, found)) ? found.id : null,
      at: createdAt,
      by: createdBy.label,
      records: results.reduce((sum, result) => sum + result.created + result.updated, 0),
    };
  }

  private async view(ctx: TenantContext, row: ImportRow): Promise<ImportView> {
    const org = await this.planner.orgOf(ctx);
    return {
      id: row.id,
      appId: row.app_id,
      fileName: row.file_name,
      state: row.state,
      sheets: row.plan.sheets,
      options: importOptions.parse(row.plan.options),
      check: row.check_result,
      progress: { done: row.progress_done, total: row.progress_total },
      results: row.results,
      errorRows: row.error_rows,
      batchId: row.next_chunk > 0 ? row.batch_id : null,
      undo: row.undo,
      error: row.error,
      earlier: null,
      createdAt: new Date(row.created_at).toISOString(),
      createdBy: {
        id: row.created_by ?? '',
        label: row.created_by ? org.nameOf(row.created_by) : importWords[languageIn(ctx)].system(),
      },
    };
  }
}

async function* noting(content: Readable, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

/** An evaluation holds as long as the plan and what the person may do stay the same. */
function keyOf(ctx: TenantContext, revision: number): string {
  return `${revision}/${ctx.accessVersion}/${ctx.schemaVersion}/${memberOf(ctx) ?? ''}`;
}

function withoutPreviews(view: ImportView): ImportView {
  return {
    ...view,
    sheets: view.sheets.map((sheet) => ({
      ...sheet,
      preview: [],
      columns: sheet.columns.map(({ distinct: _, ...column }) => ({ ...column, samples: [] })),
    })),
  };
}
