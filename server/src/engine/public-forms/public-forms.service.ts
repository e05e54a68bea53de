import { randomBytes } from 'node:crypto';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId } from '@lianke/shared/ids';
import type { PublicFormSettings, PublicFormView } from '@lianke/shared/public-forms/api';
import { Inject, Injectable } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK, CONFIG } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { publishable } from './public-access.js';
import { type PublicFormId, type PublicFormRow, stateOf } from './public-form-row.js';

/** Memory cost of OWASP's first choice for argon2id. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const mostLinks = 20;

interface Change {
  settings?: PublicFormSettings | undefined;
  enabled?: boolean | undefined;
  password?: string | null | undefined;
}

/** 外链 as a form's designers see them: links by which people outside fill in the form. */
@Injectable()
export class PublicFormsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(ctx: TenantContext, formId: FormId): Promise<PublicFormView[]> {
    await this.designed(ctx, formId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<PublicFormRow>('SELECT * FROM lianke.public_form WHERE tenant_id = $1 AND form_id = $2 ORDER BY id', [
        ctx.tenantId,
        formId,
      ]),
    );
    return rows.map((row) => this.present(row));
  }

  async create(
    ctx: TenantContext,
    formId: FormId,
    given: Change & { settings: PublicFormSettings },
  ): Promise<PublicFormView> {
    const form = await this.designed(ctx, formId);
    const settings = await this.settled(ctx, form, given.settings, []);
    const row: PublicFormRow = {
      id: uuid7() as PublicFormId,
      form_id: formId,
      token: randomBytes(12).toString('base64url'),
      enabled: given.enabled ?? true,
      settings,
      password_hash: given.password ? await hash(given.password, cost) : null,
      submissions: 0,
      last_at: null,
    };
    await this.database.withTenant(ctx, async (tx) => {
      const [count] = await tx.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM lianke.public_form WHERE tenant_id = $1 AND form_id = $2',
        [ctx.tenantId, formId],
      );
      if ((count?.n ?? 0) >= mostLinks)
        throw refusal('wrong_state', {
          zh: `一张表单最多 ${mostLinks} 个外链，请先删除不用的`,
          en: `a form has at most ${mostLinks} public links; delete those you do not need first`,
        });
      await tx.run(
        `INSERT INTO lianke.public_form (tenant_id, id, form_id, token, enabled, settings, password_hash, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ctx.tenantId,
          row.id,
          formId,
          row.token,
          row.enabled,
          JSON.stringify(settings),
          row.password_hash,
          memberOf(ctx),
          this.clock.now(),
        ],
      );
    });
    return this.present(row);
  }

  async update(ctx: TenantContext, id: PublicFormId, change: Change): Promise<PublicFormView> {
    const row = await this.load(ctx, id);
    const form = await this.designed(ctx, row.form_id);
    const after: PublicFormRow = {
      ...row,
      ...(change.settings ? { settings: await this.settled(ctx, form, change.settings, row.settings.pickers) } : {}),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
      ...(change.password === undefined
        ? {}
        : { password_hash: change.password === null ? null : await hash(change.password, cost) }),
    };
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'UPDATE lianke.public_form SET settings = $3, enabled = $4, password_hash = $5 WHERE tenant_id = $1 AND id = $2',
        [ctx.tenantId, id, JSON.stringify(after.settings), after.enabled, after.password_hash],
      ),
    );
    return this.present(after);
  }

  async remove(ctx: TenantContext, id: PublicFormId): Promise<void> {
    const row = await this.load(ctx, id);
    await this.designed(ctx, row.form_id);
    await this.database.withTenant(ctx, (tx) =>
      tx.run('DELETE FROM lianke.public_form WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, id]),
    );
  }

  /** The link, for a designer of its form; `not_found` else. */
  async designedLink(ctx: TenantContext, id: PublicFormId): Promise<PublicFormRow> {
    const row = await this.load(ctx, id);
    await this.designed(ctx, row.form_id);
    return row;
  }

  private async load(ctx: TenantContext, id: PublicFormId): Promise<PublicFormRow> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<PublicFormRow>('SELECT * FROM lianke.public_form WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, id]),
    );
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async designed(ctx: TenantContext, formId: FormId): Promise<FormMeta> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('design')) throw refusal('forbidden', { zh: '设计应用', en: 'design the app' });
    return form;
  }

  /**
   * Settings with every reference as an id; fields that cannot be public are named. Records are made public to be chosen by
   * whoever designs their own form. @param chosen ids of relations whose records are public already
   */
  private async settled(
    ctx: TenantContext,
    form: FormMeta,
    settings: PublicFormSettings,
    chosen: readonly string[],
  ): Promise<PublicFormSettings> {
    const fault = (words: Words): never => {
      throw refusal('invalid_definition', words);
    };
    const fieldOf = (ref: string) =>
      form.field(ref) ??
      fault({ zh: `外链里的字段“${ref}”不存在`, en: `the public link names field "${ref}", which does not exist` });
    const fields = settings.fields.map((ref) => {
      const field = fieldOf(ref);
      if (!publishable(field))
        fault({
          zh: `字段“${field.name}”不能由外部人员填写`,
          en: `field "${field.name}" cannot be filled in by people outside`,
        });
      return field.id as string;
    });
    const pickers = settings.pickers.map((ref) => {
      const field = fieldOf(ref);
      if (field.type.refers !== 'record')
        fault({ zh: `字段“${field.name}”不是关联数据`, en: `field "${field.name}" is not a relation` });
      return field.id as string;
    });
    for (const id of pickers) {
      const target = String(form.field(id)?.def.config.formId);
      if (!chosen.includes(id) && !(await this.access.can(ctx, target, 'design')))
        throw refusal('forbidden', { zh: '设计应用', en: 'design the app' });
    }
    const owner = settings.ownerId ? (await this.org.of(ctx)).members.get(settings.ownerId) : undefined;
    if (settings.ownerId && owner?.state !== 'active')
      fault({ zh: '负责人不存在或已离开', en: 'the owner does not exist or has left' });
    const { opensAt, closesAt } = settings;
    if (opensAt && closesAt && new Date(opensAt) >= new Date(closesAt))
      fault({ zh: '截止时间要晚于开始时间', en: 'the closing time must be later than the opening time' });
    return { ...settings, fields: [...new Set(fields)], pickers: [...new Set(pickers)] };
  }

  private present(row: PublicFormRow): PublicFormView {
    return {
      id: row.id,
      formId: row.form_id,
      url: `${this.config.publicUrl}/p/${row.token}`,
      enabled: row.enabled,
      state: stateOf(row, this.clock.now()),
      hasPassword: row.password_hash !== null,
      settings: row.settings,
      submissions: row.submissions,
      lastAt: row.last_at ? new Date(row.last_at).toISOString() : null,
    };
  }
}
