import type { CreateFormBody, FieldDef, FormView, UpdateFormBody } from '@lianke/shared/forms/definition';
import type { AppId, FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { type FormAccess, fullAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import { derivationsOf } from '../derived/derivations.js';
import { DerivedFields } from '../derived/derived-fields.js';
import { seesInputs } from '../derived/hide-derived.js';
import { bumpSchema } from '../versions.js';
import { keyFromName } from './field-keys.js';
import { type DefinitionWorld, nextDefinition } from './form-definition.js';
import { type FormDefinition, FormMeta } from './form-meta.js';
import { FormRegistry, TenantForms } from './form-registry.js';
import { picksSeen, viewOf } from './form-view.js';
import { named, namedIn, repeatedIn } from './repeated.js';
import { ownFields, withRowField } from './subform-meta.js';
import { formTableSql } from './table-ddl.js';
import { keepVersion } from './versions/version-store.js';

/** Designing forms: metadata and the typed table behind it. */
@Injectable()
export class FormsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly derived: DerivedFields,
  ) {}

  /** Forms the reader may open, in navigation order. */
  async list(ctx: TenantContext, appId?: AppId): Promise<FormView[]> {
    const forms = (await this.registry.forms(ctx)).filter((form) => !appId || form.appId === appId);
    const [all, accessOf] = await Promise.all([this.registry.all(ctx), this.access.ofForms(ctx)]);
    const views = forms.map((form) => viewOf(form, accessOf(form.id), picksSeen(all, accessOf)));
    return views.filter((view) => view.actions.length > 0);
  }

  async view(ctx: TenantContext, formId: FormId): Promise<FormView> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (access.actions.size === 0) throw new AppError('not_found');
    return viewOf(form, access, picksSeen(await this.registry.all(ctx), await this.access.ofForms(ctx)));
  }

  /** Makes a form and its table. The new form is readable by a context with fresh versions; `viewFresh` gives one. */
  async create(
    ctx: TenantContext,
    body: CreateFormBody,
    /** Of a copy: a definition whose references are settled already. */
    made?: { id: FormId; definition: FormDefinition },
  ): Promise<FormView> {
    await this.access.requireDesign(ctx, body.appId);
    const forms = await this.registry.all(ctx);
    const id = made?.id ?? (uuid7() as FormId);
    const now = new Date();
    const taken = new Set(forms.list.filter((form) => form.appId === body.appId).map((form) => form.key));
    if (body.key && taken.has(body.key)) throw new AppError('already_exists', { name: body.key });
    if (forms.list.some((form) => form.appId === body.appId && form.name === body.name))
      throw new AppError('already_exists', { name: body.name });
    const key = body.key ?? keyFromName(body.name, taken);
    const world = { ...worldOf(forms), formExists: (other: string) => other === id || Boolean(forms.get(other)) };
    const definition = made?.definition ?? nextDefinition(undefined, body, world, now);
    const draft = new FormMeta(ctx.tenantId, id, body.appId, key, body.name, 1, false, definition, now.toISOString());
    const settled = this.derived.settle(forms.list, draft);
    const form = settled.find((item) => item.id === id) ?? draft;
    await this.requireSight(ctx, undefined, form, settled);
    await this.makeTables(ctx, forms.list, settled);
    await this.database.withTenant(ctx, async (tx) => {
      const apps = await tx.sql('SELECT 1 FROM lianke.app WHERE tenant_id = $1 AND id = $2', [
        ctx.tenantId,
        body.appId,
      ]);
      if (apps.length === 0) throw new AppError('not_found');
      await tx.run(
        `INSERT INTO lianke.form (tenant_id, id, app_id, key, name, definition, sort, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, (SELECT coalesce(max(sort), 0) + 1 FROM lianke.form WHERE tenant_id = $1 AND app_id = $3), $7, $7)`,
        [ctx.tenantId, id, body.appId, key, body.name, form.definition as never, now],
      );
      await keepVersion(tx, ctx, { before: undefined, after: form, at: now });
      await this.storeFollowers(tx, ctx, forms.list, settled, id);
      await bumpSchema(tx, ctx.tenantId);
    });
    return viewOf(form, await this.access.ofForm({ ...ctx, actor: { kind: 'system', name: 'seed' } }, form));
  }

  /**
   * Publishes a changed form: columns first (only added), then the metadata that uses them.
   * @param restored the version that this publish brings back
   */
  async update(ctx: TenantContext, formId: FormId, body: UpdateFormBody, restored?: number): Promise<FormView> {
    const forms = await this.database.withTenant(ctx, (tx) => this.registry.load(tx, ctx));
    const before = forms.get(formId);
    if (!before || before.owner) throw new AppError('not_found');
    await this.access.requireDesign(ctx, before.appId);
    if (body.version !== undefined && body.version !== before.version)
      throw new AppError('version_conflict', {}, { current: viewOf(before, await this.designer(ctx, before)) });
    if (before.converting)
      throw refusal('wrong_state', {
        zh: '有字段正在转换类型，等它完成或停止它之后再发布',
        en: 'the type of a field is being converted; wait until that is done, or stop it, before you publish',
      });
    const now = new Date();
    const name = body.name ?? before.name;
    if (forms.list.some((form) => form.id !== formId && form.appId === before.appId && form.name === name))
      throw new AppError('already_exists', { name });
    const definition = nextDefinition(before.definition, body, worldOf(forms), now);
    const draft = new FormMeta(
      ctx.tenantId,
      formId,
      before.appId,
      before.key,
      name,
      before.version + 1,
      before.watched,
      definition,
      now.toISOString(),
    );
    const settled = this.derived.settle(forms.list, draft);
    const after = settled.find((item) => item.id === formId) ?? draft;
    await this.requireSight(ctx, before, after, settled);
    await this.refuseDuplicates(ctx, before, after);
    await this.makeTables(ctx, forms.list, settled);
    await this.database.withTenant(ctx, async (tx) => {
      const changed = await tx.run(
        'UPDATE lianke.form SET name = $3, definition = $4, version = version + 1, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND version = $6 AND deleted_at IS NULL',
        [ctx.tenantId, formId, name, after.definition as never, now, before.version],
      );
      if (changed === 0) throw new AppError('version_conflict');
      if (body.draft !== undefined) await takeDraft(tx, formId, body.draft);
      await keepVersion(tx, ctx, { before, after, at: now, note: body.note, restored });
      await this.storeFollowers(tx, ctx, forms.list, settled, formId);
      await bumpSchema(tx, ctx.tenantId);
    });
    return viewOf(after, await this.designer(ctx, after));
  }

  /**
   * The form with one field, its own or one of its subforms' rows, converted, and every form that follows from it; refused where a rule, a setting or a computed
   * field could not go on with the converted one. Columns that follow are made, nothing is stored.
   */
  async planConversion(
    ctx: TenantContext,
    forms: TenantForms,
    before: FormMeta,
    target: FieldDef,
    column: string,
  ): Promise<{ after: FormMeta; settled: FormMeta[] }> {
    const now = new Date();
    const fields = before.definition.fields.map((field) =>
      field.id === target.id ? target : withRowField(field, target),
    );
    const next = nextDefinition(before.definition, { fields }, worldOf(forms), now, target.id);
    const draft = new FormMeta(
      ctx.tenantId,
      before.id,
      before.appId,
      before.key,
      before.name,
      before.version + 1,
      before.watched,
      { ...next, columns: { ...next.columns, [target.id]: column } },
      now.toISOString(),
    );
    const settled = this.derived.settle(forms.list, draft);
    return { after: settled.find((item) => item.id === before.id) ?? draft, settled };
  }

  /** Stores a converted form as its next version, in the transaction that saw its last value converted. */
  async storeConversion(
    tx: Tx,
    ctx: TenantContext,
    forms: TenantForms,
    before: FormMeta,
    { after, settled }: { after: FormMeta; settled: FormMeta[] },
    note: string,
  ): Promise<void> {
    const now = new Date();
    await tx.run(
      'UPDATE lianke.form SET definition = $3, version = version + 1, converting = false, updated_at = $4 WHERE tenant_id = $1 AND id = $2',
      [ctx.tenantId, before.id, after.definition as never, now],
    );
    await keepVersion(tx, ctx, { before, after, at: now, note });
    await this.storeFollowers(tx, ctx, forms.list, settled, before.id);
    await bumpSchema(tx, ctx.tenantId);
  }

  /**
   * Who designs only some apps may not draw values of others, which he cannot see, into his own forms.
   * @param made forms that are being made, all of which he may see
   */
  async requireSight(
    ctx: TenantContext,
    before: FormMeta | undefined,
    after: FormMeta,
    settled: readonly FormMeta[],
    made: ReadonlySet<string> = new Set([after.id]),
  ): Promise<void> {
    if ((await this.access.permissions(ctx)).design) return;
    const accesses = await this.access.ofForms(ctx);
    const own = (formId: string) => (made.has(formId) ? fullAccess : accesses(formId));
    const fresh = after.fields.filter(
      (field) => JSON.stringify(before?.field(field.id)?.def.config) !== JSON.stringify(field.def.config),
    );
    for (const field of fresh.flatMap((item) => (item.part ? ownFields(item.part) : [item]))) {
      const target = field.type.refers === 'record' ? (field.config as { formId: string }).formId : undefined;
      if (target && !own(target).may('view')) throw unseen(field.name);
    }
    const forms = new TenantForms([
      ...(await this.registry.forms(ctx)).filter(
        (form) => !settled.includes(form) && !settled.some((item) => item.id === form.id),
      ),
      ...settled,
    ]);
    for (const derivation of derivationsOf(forms).ofForm(after.id))
      if (fresh.some((field) => field.id === derivation.field.id) && !seesInputs(derivation, own))
        throw unseen(derivation.field.name);
  }

  /** Columns of all forms that change with a publication, in one DDL transaction; `standing` are there already. */
  async makeTables(
    ctx: TenantContext,
    before: readonly FormMeta[],
    settled: readonly FormMeta[],
    standing: readonly string[] = [],
  ): Promise<void> {
    const statements = settled.flatMap((form) =>
      formTableSql(
        before.find((item) => item.id === form.id),
        form,
        standing,
      ),
    );
    if (statements.length === 0) return;
    await this.database.ddl(ctx.tenantId, async (sql) => {
      for (const statement of statements) await sql(statement);
    });
  }

  /** Forms whose derived fields follow from the published one, and the computing of all rows that comes of it. */
  async storeFollowers(
    tx: Tx,
    ctx: TenantContext,
    before: readonly FormMeta[],
    settled: readonly FormMeta[],
    ...published: FormId[]
  ): Promise<void> {
    for (const form of settled)
      if (!published.includes(form.id))
        await tx.run('UPDATE lianke.form SET definition = $3 WHERE tenant_id = $1 AND id = $2', [
          ctx.tenantId,
          form.id,
          form.definition as never,
        ]);
    await this.derived.requestBuilds(tx, ctx, before, settled);
  }

  /** Puts a form into the recycle bin; its table stays. Refused while other forms point at it. */
  async remove(ctx: TenantContext, formId: FormId): Promise<void> {
    const forms = await this.registry.all(ctx);
    const form = forms.get(formId);
    if (!form || form.owner) throw new AppError('not_found');
    await this.access.requireDesign(ctx, form.appId);
    const users = forms.pointingAt(formId).filter((use) => (use.form.owner?.form ?? use.form).id !== formId);
    if (users.length > 0) throw inUse(users.map((use) => `${use.form.name}.${use.field.name}`));
    const readers = this.derived.readersOf(forms, formId);
    if (readers.length > 0) throw inUse(readers);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('UPDATE lianke.form SET deleted_at = now() WHERE tenant_id = $1 AND id = $2', [
        ctx.tenantId,
        formId,
      ]);
      await bumpSchema(tx, ctx.tenantId);
    });
  }

  /** A unique rule set on values that repeat is refused before any index is tried. */
  async refuseDuplicates(ctx: TenantContext, before: FormMeta, after: FormMeta): Promise<void> {
    for (const field of after.fields) {
      const old = before.field(field.id);
      if (!field.def.rules.unique || !old || old.def.rules.unique) continue;
      const { values } = await this.database.withTenant(ctx, (tx) => repeatedIn(tx, after.table, [field.column]));
      if (values > 0)
        throw refusal('invalid_definition', {
          zh: `字段“${field.name}”已有 ${values} 个重复的值，不能设为唯一`,
          en: `field "${field.name}" holds ${values} values that repeat and cannot be made unique`,
        });
    }
    const had = new Set((before.settings.uniqueSets ?? []).map((set) => [...set.fields].sort().join()));
    for (const set of after.settings.uniqueSets ?? []) {
      const fields = set.fields.flatMap((id) => after.field(id) ?? []);
      // A set with a field that is new holds nothing yet.
      if (had.has([...set.fields].sort().join()) || fields.some((field) => !before.field(field.id))) continue;
      const columns = fields.map((field) => field.column);
      const { values } = await this.database.withTenant(ctx, (tx) => repeatedIn(tx, after.table, columns));
      if (values > 0)
        throw refusal('invalid_definition', {
          zh: `${named(fields)}的组合已有 ${values} 处重复，不能设为不重复`,
          en: `${values} combinations of ${namedIn(fields).en} repeat already; they cannot be made a set that may not repeat`,
        });
    }
  }

  private designer(ctx: TenantContext, form: FormMeta): Promise<FormAccess> {
    return this.access.ofForm({ ...ctx, actor: { kind: 'system', name: 'seed' } }, form);
  }
}

function worldOf(forms: TenantForms): DefinitionWorld {
  return {
    formExists: (id) => Boolean(forms.get(id)),
    fieldOf: (id, ref) => forms.get(id)?.field(ref)?.def,
  };
}

/** The published draft is done with; one that someone else changed meanwhile is not lost with it. */
async function takeDraft(tx: Tx, formId: FormId, revision: number): Promise<void> {
  const [left] = await tx.sql<{ revision: number }>(
    `WITH gone AS (DELETE FROM lianke.form_draft WHERE form_id = $1 AND revision = $2)
     SELECT revision FROM lianke.form_draft WHERE form_id = $1 AND revision <> $2`,
    [formId, revision],
  );
  if (left) throw new AppError('version_conflict');
}

function inUse(fields: readonly string[]): AppError {
  return refusal('in_use', { zh: fields.join('、'), en: fields.join(', ') });
}

function unseen(field: string): AppError {
  return refusal('invalid_definition', {
    zh: `字段“${field}”用到了你没有权限查看的数据`,
    en: `field "${field}" uses data that you may not see`,
  });
}
