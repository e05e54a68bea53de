import type { AppId, FormId, ImportId, MemberId } from '@lianke/shared/ids';
import { importOptions, type PlanBody, type SheetPlan } from '@lianke/shared/imports/api';
import { departmentLookup } from '@lianke/shared/org/department-lookup';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { CLOCK } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import { languageIn, type TenantContext } from '../../context.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { type Org, OrgDirectory } from '../../org/org-directory.js';
import { FlowEffects } from '../../ports.js';
import { RecordLookup } from '../../records/record-lookup.js';
import { Evaluation } from '../check/evaluation.js';
import { Evaluator } from '../check/evaluator.js';
import { loadExisting } from '../check/load-existing.js';
import type { KnownForm } from '../columns/match-fields.js';
import { type PlanWorld, proposePlan, replanSheet } from '../columns/propose-plan.js';
import type { StoredPlan } from '../import-row.js';
import { findHeader, sortRows } from '../layout/find-table.js';
import { formTemplate } from '../template/form-template.js';
import { importWords } from '../words.js';
import type { Workbook } from '../workbook/workbook.js';
import { compilePlan } from './compile-plan.js';
import type { CompiledPlan } from './compiled.js';
import { isLineKey, withGrouping } from './grouping.js';
import { knownForm } from './known-forms.js';
import { MappingsRepository } from './mappings.repository.js';
import { People } from './people.js';
import { pictureIds } from './picture-ids.js';
import { withRemembered } from './remembered-mapping.js';
import { RowIds } from './row-ids.js';

/** Members that a template lists to choose from. */
const maxListedMembers = 300;

/** Makes plans for files, changes them as the person wishes, and judges them against what the company has. */
@Injectable()
export class ImportPlanner {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly lookup: RecordLookup,
    private readonly mappings: MappingsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Optional() private readonly flowEffects?: FlowEffects,
  ) {}

  async propose(
    ctx: TenantContext,
    appId: AppId,
    workbook: Workbook,
    fileName: string,
    { formId, remember = true }: { formId?: FormId | undefined; remember?: boolean } = {},
  ): Promise<StoredPlan> {
    const plain = await this.world(ctx, appId, fileName);
    const world = remember
      ? { ...plain, forms: withHeaders(plain.forms, await this.mappings.headers(ctx, appId)) }
      : plain;
    for (const { rows, merges } of workbook.sheets) {
      const header = findHeader(rows, merges);
      if (header !== undefined) await sortRows(rows, header, breathe);
    }
    const wanted = formId ? world.forms.find((form) => form.id === formId) : undefined;
    if (formId && !wanted) throw refusal('forbidden', { zh: '导入数据', en: 'import records' });
    const sheets = proposePlan(workbook, { ...world, ...(wanted && { wanted }) });
    const options = importOptions.parse({});
    if (!remember) return { sheets, options };
    const remembered = await this.mappings.of(ctx, appId, sheets, formId);
    const org = await this.org.of(ctx);
    const isMember = (id: string) => org.members.get(id as MemberId)?.state === 'active';
    const plan = withRemembered(sheets, options, remembered, world.forms, isMember);
    return {
      ...plan,
      sheets: plan.sheets.map((sheet) =>
        sheet.remembered
          ? withGrouping(workbook.sheets[sheet.index], sheet, remembered.get(sheet.index)?.grouping)
          : sheet,
      ),
    };
  }

  /** A workbook to be filled in for a form. */
  async template(ctx: TenantContext, formId: FormId): Promise<{ name: string; content: Buffer }> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view') && !access.may('import')) throw new AppError('not_found');
    const known = knownForm(form, await this.access.ofForms(ctx));
    if (!known)
      throw refusal('forbidden', { zh: `向“${form.name}”导入数据`, en: `import records into "${form.name}"` });
    const org = await this.org.of(ctx);
    const names = [...org.members.values()].filter((member) => member.state === 'active').map((member) => member.name);
    const listed = names.length <= maxListedMembers ? names : [];
    const words = importWords[languageIn(ctx)];
    return { name: words.templateName(form.name), content: await formTemplate(known, listed, this.clock.now(), words) };
  }

  /** The stored plan with the person's changes; a sheet whose header row moved is proposed anew. */
  async change(
    ctx: TenantContext,
    appId: AppId,
    workbook: Workbook,
    fileName: string,
    plan: StoredPlan,
    body: Partial<PlanBody>,
  ): Promise<StoredPlan> {
    const world = await this.world(ctx, appId, fileName);
    const change = async (sheet: SheetPlan): Promise<SheetPlan> => {
      const wish = body.sheets?.find((other) => other.index === sheet.index);
      if (!wish) return sheet;
      const others = plan.sheets.filter((other) => other !== sheet);
      if (wish.headerRow !== null && wish.headerRow !== sheet.headerRow) {
        if (wish.headerRow < 0 || wish.headerRow >= (workbook.sheets[sheet.index]?.rows.length ?? 0))
          throw refusal('invalid_request', { zh: '标题行不在工作表里', en: 'the header row is not in the sheet' });
        await sortRows(workbook.sheets[sheet.index]?.rows ?? [], wish.headerRow, breathe);
        return { ...replanSheet(workbook, sheet.index, wish.headerRow, world, others), include: wish.include };
      }
      const as = wish.grouping?.as;
      const lines = wish.columns.some(({ to }) => isLineKey(to.field));
      // Whoever wants lines of a sheet that has none yet gets a subform proposed; who does not, gets columns of the record.
      if (sheet.grouping && as && as !== sheet.grouping.as && (as === 'subform' ? !lines : hasNewLines(wish.targets)))
        return {
          ...replanSheet(workbook, sheet.index, sheet.headerRow ?? 0, world, others, as),
          include: wish.include,
        };
      const to = new Map(wish.columns.map((column) => [column.index, column.to]));
      const columns = sheet.columns.map((column) => ({ ...column, to: to.get(column.index) ?? column.to }));
      const { reason, ...rest } = sheet;
      const changed = {
        ...rest,
        include: wish.include && sheet.headerRow !== null,
        columns,
        targets: wish.targets,
        ...(sheet.hidden && wish.hidden && { hidden: { ...sheet.hidden, include: wish.hidden.include } }),
        ...(!wish.include && reason !== undefined && { reason }),
      };
      return withGrouping(workbook.sheets[sheet.index], changed, as);
    };
    const sheets: SheetPlan[] = [];
    for (const sheet of plan.sheets) sheets.push(await change(sheet));
    return { sheets, options: body.options ?? plan.options };
  }

  /** Judges every row of a plan. */
  async evaluate(
    ctx: TenantContext,
    importId: ImportId,
    appId: AppId,
    workbook: Workbook,
    plan: StoredPlan,
  ): Promise<Evaluation> {
    const { compiled, evaluator } = await this.judge(ctx, importId, appId, workbook, plan);
    return Evaluation.of(compiled, evaluator, breathe, await this.flowEffects?.forecast(ctx));
  }

  /** What judges a plan's rows one by one. */
  async judge(
    ctx: TenantContext,
    importId: ImportId,
    appId: AppId,
    workbook: Workbook,
    plan: StoredPlan,
  ): Promise<{ compiled: CompiledPlan; evaluator: Evaluator }> {
    await this.requireRights(ctx, appId, plan);
    const org = await this.org.of(ctx);
    checkPeople(org, plan);
    for (const sheet of plan.sheets)
      if (sheet.include && sheet.headerRow !== null)
        await sortRows(workbook.sheets[sheet.index]?.rows ?? [], sheet.headerRow, breathe);
    const ids = new RowIds(importId);
    const compiled = compilePlan(workbook, plan.sheets, plan.options, {
      forms: await this.forms(ctx, appId),
      people: new People(org.members.values(), plan.options.people),
      department: departmentLookup(org.departments.values()),
      ids,
      picture: pictureIds(ids, workbook),
      timeZone: ctx.timeZone,
      words: importWords[languageIn(ctx)],
    });
    const existing = await loadExisting(ctx, compiled, this.lookup, (id) => org.nameOf(id), breathe);
    const evaluator = new Evaluator(compiled, existing, this.clock.now());
    await evaluator.prepare(breathe);
    return { compiled, evaluator };
  }

  orgOf(ctx: TenantContext): Promise<Org> {
    return this.org.of(ctx);
  }

  /** Importing needs `import` on every form, and designing for what is to be made. */
  private async requireRights(ctx: TenantContext, appId: AppId, plan: StoredPlan): Promise<void> {
    const forms = await this.registry.all(ctx);
    for (const target of plan.sheets.filter((sheet) => sheet.include).flatMap((sheet) => sheet.targets)) {
      const newOptions = Object.entries(plan.options.options).some(
        ([name, map]) => name.startsWith(`${target.key}.`) && Object.entries(map).some(([text, id]) => text === id),
      );
      if (!target.formId || target.newFields.length > 0 || newOptions) await this.access.requireDesign(ctx, appId);
      if (!target.formId) {
        const taken = forms.list.some((form) => form.appId === appId && form.name === target.newForm?.name);
        if (taken) throw new AppError('already_exists', { name: target.newForm?.name ?? '' });
        continue;
      }
      const form = forms.get(target.formId);
      if (!form || form.appId !== appId)
        throw refusal('invalid_definition', {
          zh: `没有表单“${target.formName}”，或没有导入它的权限`,
          en: `there is no form "${target.formName}", or you may not import into it`,
        });
      for (const action of ['import', 'create'] as const) {
        if (!(await this.access.can(ctx, form.id, action)))
          throw refusal('forbidden', { zh: `向“${form.name}”导入数据`, en: `import records into "${form.name}"` });
      }
    }
  }

  private async forms(ctx: TenantContext, appId: AppId): Promise<KnownForm[]> {
    const forms = (await this.registry.forms(ctx)).filter((form) => form.appId === appId);
    const accessOf = await this.access.ofForms(ctx);
    return forms.map((form) => knownForm(form, accessOf)).filter((form) => form !== undefined);
  }

  private async world(ctx: TenantContext, appId: AppId, fileName: string): Promise<PlanWorld> {
    const org = await this.org.of(ctx);
    const people = new People(org.members.values());
    return {
      forms: await this.forms(ctx, appId),
      mayDesign: (await this.access.permissions(ctx)).design,
      isPerson: (text) => people.find(text).kind !== 'unknown',
      fileName: fileName.replace(/\.[^.]{1,5}$/, ''),
      words: importWords[languageIn(ctx)],
    };
  }
}

/** The forms with what the company's people have called their fields in files before. */
function withHeaders(forms: readonly KnownForm[], headers: ReadonlyMap<string, string>): KnownForm[] {
  return forms.map((form) => ({
    ...form,
    fields: form.fields.map((field) => {
      const called = [...headers]
        .filter(([place, key]) => key === field.key && place.startsWith(`${form.id}/`))
        .map(([place]) => place.slice(form.id.length + 1));
      return called.length === 0 ? field : { ...field, called: new Set(called) };
    }),
  }));
}

function hasNewLines(targets: SheetPlan['targets']): boolean {
  return targets.some(({ newFields }) => newFields.some(({ type }) => type === 'subform'));
}

/** Lets requests of other people through while a large file is judged. */
export function breathe(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}

function checkPeople(org: Org, plan: StoredPlan): void {
  for (const [text, id] of Object.entries(plan.options.people)) {
    if (id !== null && org.members.get(id)?.state !== 'active')
      throw refusal('invalid_definition', {
        zh: `给“${text}”选的成员不存在或已离职`,
        en: `the member chosen for "${text}" does not exist or has left`,
      });
  }
}
