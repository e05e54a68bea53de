import type { Words } from '@lianke/shared/errors/issue-text';
import type { FieldDef, FormView, UpdateFormBody } from '@lianke/shared/forms/definition';
import type { FormVersion } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { type FormDefinition, FormMeta } from '../form-meta.js';
import { FormRegistry } from '../form-registry.js';
import { viewOf } from '../form-view.js';
import { FormsService } from '../forms.service.js';
import { removedRowFields, rowFields, subformOf } from '../subform-meta.js';
import { readVersion, readVersions, type VersionRow } from './version-store.js';

const shownVersions = 200;

/** What a form was at each publish: who changed what when, and the way back. */
@Injectable()
export class FormVersionsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly forms: FormsService,
    private readonly org: OrgDirectory,
  ) {}

  /** The newest first. The form as it stands is always among them. */
  async list(ctx: TenantContext, formId: FormId): Promise<FormVersion[]> {
    const form = await this.designed(ctx, formId);
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) => readVersions(tx, formId, shownVersions));
    if (!rows.some((row) => row.version === form.version)) rows.unshift(currentRow(form));
    return rows.map((row) => ({
      version: row.version,
      name: row.name,
      at: row.published_at,
      by: row.published_by ? { id: row.published_by, name: org.members.get(row.published_by)?.name ?? '' } : null,
      note: row.note,
      restored: row.restored,
      changes: row.changes,
      current: row.version === form.version,
    }));
  }

  /** The form as it was; `not_found` for a version nobody kept. */
  async view(ctx: TenantContext, formId: FormId, version: number): Promise<FormView> {
    const form = await this.designed(ctx, formId);
    const row = await this.row(ctx, form, version);
    const old = new FormMeta(
      ctx.tenantId,
      form.id,
      form.appId,
      form.key,
      row.name,
      row.version,
      false,
      { ...row.definition, removed: [] },
      row.published_at,
    );
    return viewOf(old, await this.access.ofForm(ctx, form));
  }

  /**
   * Publishes an old version again. Fields that were taken off since come back with their data; those whose data is gone
   * for good stay away (`lost`), those converted to another type stay as they are (`kept`).
   * @param seen the version that stood when it was asked for: who did not see the newest one is told (`version_conflict`)
   */
  async rollback(
    ctx: TenantContext,
    formId: FormId,
    version: number,
    seen: number,
  ): Promise<{ form: FormView; lost: string[]; kept: string[] }> {
    const form = await this.designed(ctx, formId);
    if (seen !== form.version)
      throw refusal(
        'version_conflict',
        newerThanSeen(form.version),
        {},
        { current: await this.forms.view(ctx, formId) },
      );
    if (version === form.version)
      throw refusal('wrong_state', { zh: '这就是现在的版本', en: 'this is the current version already' });
    const row = await this.row(ctx, form, version);
    const { body, lost, kept } = bodyOf(row, form.definition);
    const view = await this.forms.update(ctx, formId, { ...body, version: seen }, version);
    return { form: view, lost, kept };
  }

  private async row(ctx: TenantContext, form: FormMeta, version: number): Promise<VersionRow> {
    if (version === form.version) return currentRow(form);
    const row = await this.database.withTenant(ctx, (tx) => readVersion(tx, form.id, version));
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async designed(ctx: TenantContext, formId: FormId): Promise<FormMeta> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
    return form;
  }
}

function newerThanSeen(version: number): Words {
  return {
    zh: `：这张表单刚刚发布了第 ${version} 版，请对照新的变化再决定是否回到旧版本`,
    en: `: version ${version} of this form was published meanwhile; look at what would change now before you go back`,
  };
}

function currentRow(form: FormMeta): VersionRow {
  return {
    version: form.version,
    name: form.name,
    definition: form.definition,
    changes: null,
    note: null,
    restored: null,
    published_by: null,
    published_at: form.updatedAt,
  };
}

/** An old version as a change of the form as it stands. */
function bodyOf(row: VersionRow, now: FormDefinition): { body: UpdateFormBody; lost: string[]; kept: string[] } {
  const { fields, lost, kept } = broughtBack(row.definition.fields, [...now.removed, ...now.fields]);
  return {
    body: { name: row.name, fields, layout: row.definition.layout, settings: row.definition.settings },
    lost,
    kept,
  };
}

/** Old fields as far as their data is there; `standing` ones of another type stay. Rows of subforms likewise. */
function broughtBack(
  old: readonly FieldDef[],
  standing: readonly FieldDef[],
  place = '',
): { fields: FieldDef[]; lost: string[]; kept: string[] } {
  const known = new Map(standing.map((field) => [field.id, field]));
  const lost: string[] = [];
  const kept: string[] = [];
  const fields = old.flatMap((field): FieldDef[] => {
    const now = known.get(field.id);
    if (!now) {
      lost.push(`${place}${field.name}`);
      return [];
    }
    if (now.type !== field.type) {
      kept.push(`${place}${field.name}`);
      return [now];
    }
    const [was, is] = [subformOf(field), subformOf(now)];
    if (!was || !is) return [field];
    const rows = broughtBack(rowFields(was), [...removedRowFields(is), ...rowFields(is)], `${field.name}.`);
    lost.push(...rows.lost);
    kept.push(...rows.kept);
    return [{ ...field, config: { ...field.config, fields: rows.fields as never } }];
  });
  return { fields, lost, kept };
}
