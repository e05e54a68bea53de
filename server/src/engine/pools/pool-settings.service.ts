import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId } from '@lianke/shared/ids';
import type { PoolSettings, PoolSettingsView } from '@lianke/shared/pools/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { named, requireKnown } from '../access/principals.js';
import { writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { bumpAccess } from '../versions.js';
import { storedPool } from './pool-book.js';

/** The rules of a form's pool, as its designers set them. They decide who sees what, so they count as access. */
@Injectable()
export class PoolSettingsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
  ) {}

  async get(ctx: TenantContext, formId: FormId): Promise<PoolSettingsView> {
    await this.designed(ctx, formId);
    const settings = await this.database.withTenant(ctx, (tx) => storedPool(tx, formId));
    return view(await this.org.of(ctx), settings);
  }

  /** Replaces the rules; they hold from the next request on. */
  async save(ctx: TenantContext, formId: FormId, next: PoolSettings): Promise<PoolSettingsView> {
    const form = await this.designed(ctx, formId);
    const org = await this.org.of(ctx);
    requireKnown(org, [...(next.claimers ?? []), ...next.managers]);
    await this.check(ctx, form, next);
    await this.database.withTenant(ctx, async (tx) => {
      const before = await storedPool(tx, formId);
      await tx.run(
        `INSERT INTO lianke.pool (tenant_id, form_id, settings) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, form_id) DO UPDATE SET settings = excluded.settings`,
        [ctx.tenantId, formId, JSON.stringify(next)],
      );
      // Whoever was promised a day under other rules is told anew.
      if (JSON.stringify(before) !== JSON.stringify(next))
        await tx.run('UPDATE lianke.pool SET ran_on = NULL WHERE form_id = $1', [formId]);
      await writeAudit(tx, ctx, {
        action: 'pool.settings',
        object: formId,
        detail: { form: form.name, before, after: next },
      });
      await bumpAccess(tx, ctx.tenantId);
    });
    return view(org, next);
  }

  private async designed(ctx: TenantContext, formId: FormId): Promise<FormMeta> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('design')) throw refusal('forbidden', { zh: '设计应用', en: 'design the app' });
    return form;
  }

  private async check(ctx: TenantContext, form: FormMeta, next: PoolSettings): Promise<void> {
    for (const [ref, right] of Object.entries(next.fields ?? {})) {
      const field = form.field(ref);
      if (!field)
        fault('fields', { zh: `公海字段“${ref}”不存在`, en: `the pool names field "${ref}", which does not exist` });
      else if (right === 'masked' && !field.type.mask)
        fault('fields', {
          zh: `字段“${field.name}”不能脱敏，请选择显示或隐藏`,
          en: `field "${field.name}" cannot be masked; choose to show or to hide it`,
        });
    }
    const contact = next.contactField === null ? undefined : form.field(next.contactField);
    if (next.contactField !== null && !contact)
      fault('contactField', { zh: '“最后联系时间”字段不存在', en: 'the field for "Last contact" does not exist' });
    if (contact && contact.storage !== 'date' && contact.storage !== 'timestamptz')
      fault('contactField', { zh: `字段“${contact.name}”不是日期`, en: `field "${contact.name}" is not a date` });
    if (next.contactDays !== null && !contact)
      fault('contactField', { zh: '请选择“最后联系时间”字段', en: 'choose the field for "Last contact"' });
    if (next.dealDays !== null && next.dealt === null)
      fault('dealt', { zh: '请写明什么样的数据算成交', en: 'say which records count as dealt' });
    // A filter that cannot be asked would stop the work of every night.
    if (next.dealt !== null)
      await this.reader.aggregate(ctx, form.id, {
        filter: next.dealt,
        groupBy: [],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 1,
      });
  }
}

function fault(field: string, words: Words): never {
  throw refusal('invalid_definition', words, {}, { fields: [{ field, code: 'unknown_field' }] });
}

function view(org: Org, settings: PoolSettings): PoolSettingsView {
  return {
    ...settings,
    claimers: settings.claimers && named(org, settings.claimers),
    managers: named(org, settings.managers),
  };
}
