import type { DeletedItem } from '@lianke/shared/dashboards/definition';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowDetail, FlowSummary } from '@lianke/shared/flows/api';
import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { AppId, FlowId, FormId, MemberId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { toldSaid } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { binOf, inBin, leaveBin } from '../apps/app-bin.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import type { FlowEffects, FlowForecast } from '../ports.js';
import { bumpSchema } from '../versions.js';
import { CreationForecast } from './creation-forecast.js';
import { binFlow, unbinFlow } from './flow-bin.js';
import { requireReach } from './flow-reach.js';
import { MailAccountService } from './outside/mail-account.service.js';
import { SecretsService } from './outside/secrets.service.js';
import { PublishedFlows } from './published-flows.js';
import { datedTimers } from './record-watch.js';
import { nextTime } from './scheduler.js';
import { flowSentence } from './sentence.js';
import { validateFlow } from './validate.js';

interface FlowRow {
  id: FlowId;
  app_id: AppId;
  form_id: FormId;
  name: string;
  draft: unknown;
  enabled: boolean;
  paused: string | null;
  paused_en: string | null;
  owner_id: MemberId | null;
  published_version: number | null;
  published: unknown;
  updated_at: string;
  runs: number;
  failed: number;
}

const select = `SELECT f.id, f.app_id, f.form_id, f.name, f.draft, f.enabled, f.paused, f.paused_en, f.owner_id, f.published_version, f.updated_at, v.definition AS published,
  (SELECT count(*)::int FROM lianke.run r WHERE r.tenant_id = f.tenant_id AND r.flow_id = f.id AND r.started_at > now() - interval '7 days') AS runs,
  (SELECT count(*)::int FROM lianke.run r WHERE r.tenant_id = f.tenant_id AND r.flow_id = f.id AND r.state = 'failed' AND r.started_at > now() - interval '7 days') AS failed
  FROM lianke.flow f LEFT JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version`;

/** Designing flows: drafts change freely, published versions never. */
@Injectable()
export class FlowsService implements FlowEffects {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly tenants: TenantDirectory,
    private readonly published: PublishedFlows,
    private readonly secrets: SecretsService,
    private readonly mail: MailAccountService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(
    ctx: TenantContext,
    by: { appId?: AppId | undefined; formId?: FormId | undefined },
    language: 'zh' | 'en' = 'zh',
  ): Promise<FlowSummary[]> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<FlowRow>(
        `${select} WHERE ($1::uuid IS NULL OR f.app_id = $1) AND ($2::uuid IS NULL OR f.form_id = $2) ORDER BY f.created_at, f.id`,
        [by.appId ?? null, by.formId ?? null],
      ),
    );
    const [forms, org] = await Promise.all([this.registry.all(ctx), this.org.of(ctx)]);
    const { designs, any } = await this.access.designer(ctx);
    // Who may change nothing here is told so, not shown an empty list.
    if (!any) await this.access.require(ctx, 'design');
    return rows.filter((row) => designs(row.app_id)).map((row) => summaryOf(row, forms, org, language));
  }

  async get(ctx: TenantContext, id: FlowId, language: 'zh' | 'en' = 'zh'): Promise<FlowDetail> {
    const { summary, definition, faults } = await this.checked(ctx, id, language);
    return {
      ...summary,
      definition,
      faults: faults.map(({ node, words }) => ({ node, message: words[language] })),
    };
  }

  /** A flow with what is wrong with it, in both languages. */
  private async checked(ctx: TenantContext, id: FlowId, language: 'zh' | 'en') {
    await this.access.requireSomeDesign(ctx);
    const { row, outside } = await this.database.withTenant(ctx, async (tx) => ({
      row: await this.row(tx, id),
      outside: { secrets: await this.secrets.kinds(tx), mail: await this.mail.isSet(tx) },
    }));
    if (!(await this.access.mayDesign(ctx, row.app_id))) throw new AppError('not_found');
    const [forms, org] = await Promise.all([this.registry.all(ctx), this.org.of(ctx)]);
    const definition = flowDefinition.parse(row.draft);
    return {
      summary: summaryOf(row, forms, org, language),
      definition,
      faults: validateFlow(definition, forms, org, ctx.timeZone, outside),
    };
  }

  async create(
    ctx: TenantContext,
    input: { appId: AppId; name: string; definition: FlowDefinition },
    language: 'zh' | 'en' = 'zh',
  ): Promise<FlowDetail> {
    await this.access.requireDesign(ctx, input.appId);
    const forms = await this.registry.all(ctx);
    await requireReach(this.access, forms, ctx, input.definition);
    const form = forms.get(input.definition.trigger.formId);
    if (!form || form.appId !== input.appId)
      throw refusal('invalid_definition', {
        zh: '触发的表单不在这个应用里',
        en: 'the form of the trigger is not in this app; choose a form of this app',
      });
    const id = uuid7() as FlowId;
    await this.database.withTenant(ctx, (tx) =>
      tx.run('INSERT INTO lianke.flow (tenant_id, id, app_id, form_id, name, draft) VALUES ($1,$2,$3,$4,$5,$6)', [
        ctx.tenantId,
        id,
        input.appId,
        form.id,
        input.name,
        input.definition as never,
      ]),
    );
    return this.get(ctx, id, language);
  }

  /** Changes name, draft, or the switch. A flow is switched on only when a version is published. */
  async update(
    ctx: TenantContext,
    id: FlowId,
    change: { name?: string | undefined; definition?: FlowDefinition | undefined; enabled?: boolean | undefined },
    language: 'zh' | 'en' = 'zh',
  ): Promise<FlowDetail> {
    await this.access.requireSomeDesign(ctx);
    const forms = await this.registry.all(ctx);
    if (change.definition) await requireReach(this.access, forms, ctx, change.definition);
    const form = change.definition && forms.get(change.definition.trigger.formId);
    if (change.definition && !form)
      throw refusal('invalid_definition', {
        zh: '触发的表单已删除',
        en: 'the form of the trigger was deleted; choose another',
      });
    await this.database.withTenant(ctx, async (tx) => {
      const row = await this.row(tx, id);
      if (!(await this.access.mayDesign(ctx, row.app_id))) throw new AppError('not_found');
      if (change.enabled && row.published_version === null)
        throw refusal('wrong_state', {
          zh: '还没有发布，请先发布',
          en: 'the flow has not been published yet; publish it first',
        });
      await tx.run(
        'UPDATE lianke.flow SET name = coalesce($2, name), draft = coalesce($3, draft), form_id = coalesce($4, form_id), enabled = coalesce($5, enabled), paused = CASE WHEN $5 THEN NULL ELSE paused END, updated_at = now() WHERE id = $1',
        [id, change.name ?? null, (change.definition ?? null) as never, form?.id ?? null, change.enabled ?? null],
      );
      if (change.enabled !== undefined) await this.arm(tx, ctx, id);
    });
    return this.get(await this.fresh(ctx), id, language);
  }

  /** Freezes the draft as the next version and switches the flow on. A draft with faults is refused, naming the first. */
  async publish(ctx: TenantContext, id: FlowId, language: 'zh' | 'en' = 'zh'): Promise<FlowDetail> {
    const { definition, faults } = await this.checked(ctx, id, language);
    await requireReach(this.access, await this.registry.all(ctx), ctx, definition);
    const [fault] = faults;
    if (fault) {
      const node = nodeName(definition, fault.node);
      throw refusal('invalid_definition', {
        zh: `${node.zh}：${fault.words.zh}`,
        en: `${node.en}: ${fault.words.en}`,
      });
    }
    await this.database.withTenant(ctx, async (tx) => {
      await freeze(tx, ctx, id, definition, true);
      await this.arm(tx, ctx, id);
    });
    return this.get(await this.fresh(ctx), id, language);
  }

  async remove(ctx: TenantContext, id: FlowId): Promise<void> {
    await this.access.requireSomeDesign(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const row = await this.row(tx, id);
      if (!(await this.access.mayDesign(ctx, row.app_id))) throw new AppError('not_found');
      const running = await tx.sql(
        `SELECT 1 FROM lianke.run WHERE flow_id = $1 AND state IN ('ready','waiting','calling') LIMIT 1`,
        [id],
      );
      if (running.length > 0)
        throw refusal('in_use', {
          zh: '还有没有结束的运行，请先停用并等它们结束',
          en: 'some of its runs have not ended; switch the flow off and wait until they have',
        });
      await binFlow(tx, ctx, row, this.clock.now());
      await watchForms(tx, ctx);
    });
  }

  /** Deleted flows of an app, the last deleted first. */
  async deleted(ctx: TenantContext, appId: AppId): Promise<DeletedItem[]> {
    await this.access.requireDesign(ctx, appId);
    const org = await this.org.of(ctx);
    return this.database.withTenant(ctx, (tx) => binOf(tx, 'flow', appId, org, languageIn(ctx)));
  }

  /**
   * Brings a deleted flow back with its versions, runs and address. It comes back switched off: what it starts on may
   * have changed meanwhile. A flow whose form is deleted has to wait for that.
   */
  async undelete(ctx: TenantContext, id: FlowId, language: 'zh' | 'en' = 'zh'): Promise<FlowDetail> {
    const forms = await this.registry.all(ctx);
    const back = await this.database.withTenant(ctx, async (tx) => {
      const found = await inBin(tx, 'flow', id);
      if (!found) return false;
      await this.access.requireDesign(ctx, found.appId);
      if (!forms.get(String((found.content.flow as { form_id?: string }).form_id)))
        throw refusal('wrong_state', {
          zh: '触发的表单已删除，请先恢复它',
          en: 'the form of the trigger was deleted; restore the form first',
        });
      await unbinFlow(tx, found.content);
      await leaveBin(tx, id);
      await watchForms(tx, ctx);
      return true;
    });
    // Whoever restores what is there already, or sends the same twice, gets it as it is.
    return this.get(back ? await this.fresh(ctx) : ctx, id, language);
  }

  async forecast(ctx: TenantContext): Promise<FlowForecast> {
    const [flows, forms] = await Promise.all([this.published.all(ctx), this.registry.all(ctx)]);
    const env = { timeZone: ctx.timeZone, now: this.clock.now(), me: memberOf(ctx), myDepartments: [] };
    return new CreationForecast(flows, forms, env);
  }

  /** What follows from a flow's switch and published version: the forms that write events, and its schedule. */
  async arm(tx: Tx, ctx: TenantContext, id: FlowId, forms?: TenantForms): Promise<void> {
    await watchForms(tx, ctx);
    const [row] = await tx.sql<{ enabled: boolean; definition: unknown }>(
      `SELECT f.enabled, v.definition FROM lianke.flow f JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version WHERE f.id = $1`,
      [id],
    );
    const now = this.clock.now();
    const trigger = row?.enabled ? flowDefinition.parse(row.definition).trigger : undefined;
    const form = trigger && (forms ?? (await this.registry.all(ctx))).get(trigger.formId);
    const dateOnly = trigger?.type === 'dateArrives' && form?.field(trigger.field)?.storage === 'date';
    const next = trigger && nextTime(trigger, now, ctx.timeZone, dateOnly);
    if (!next) await tx.run('DELETE FROM lianke.flow_schedule WHERE flow_id = $1', [id]);
    else
      await tx.run(
        `INSERT INTO lianke.flow_schedule (tenant_id, flow_id, next_due_at, covered_to) VALUES ($1,$2,$3,$4)
         ON CONFLICT (tenant_id, flow_id) DO UPDATE SET next_due_at = excluded.next_due_at, covered_to = excluded.covered_to, epoch = lianke.flow_schedule.epoch + 1`,
        [ctx.tenantId, id, next, now],
      );
  }

  private fresh(ctx: TenantContext): Promise<TenantContext> {
    return this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause);
  }

  private async row(tx: Tx, id: FlowId): Promise<FlowRow> {
    const [row] = await tx.sql<FlowRow>(`${select} WHERE f.id = $1`, [id]);
    if (!row) throw new AppError('not_found');
    return row;
  }
}

function summaryOf(row: FlowRow, forms: TenantForms, org: Org, language: 'zh' | 'en'): FlowSummary {
  return {
    id: row.id,
    appId: row.app_id,
    formId: row.form_id,
    name: row.name,
    trigger: (row.draft as FlowDefinition).trigger.type,
    sentence: flowSentence(flowDefinition.parse(row.draft), forms, language),
    enabled: row.enabled,
    paused: row.enabled ? null : toldSaid(row.paused, row.paused_en, language),
    owner: row.owner_id && { id: row.owner_id, name: org.nameOf(row.owner_id) },
    publishedVersion: row.published_version,
    dirty: JSON.stringify(row.draft) !== JSON.stringify(row.published),
    lastWeek: { runs: row.runs, failed: row.failed },
    updatedAt: row.updated_at,
  };
}

/** Keeps the definition as the flow's next version, which runs from now on when it is switched on. */
export async function freeze(
  tx: Tx,
  ctx: TenantContext,
  id: FlowId,
  definition: FlowDefinition,
  enabled: boolean,
): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.flow_version (tenant_id, flow_id, version, definition, published_by)
     SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4 FROM lianke.flow_version WHERE tenant_id = $1 AND flow_id = $2`,
    [ctx.tenantId, id, definition as never, memberOf(ctx)],
  );
  await tx.run(
    `UPDATE lianke.flow f SET enabled = $3, form_id = $4, updated_at = now(), draft = $5, paused = NULL, owner_id = coalesce($6, owner_id),
       published_version = (SELECT max(version) FROM lianke.flow_version v WHERE v.tenant_id = $1 AND v.flow_id = f.id) WHERE tenant_id = $1 AND id = $2`,
    [ctx.tenantId, id, enabled, definition.trigger.formId, definition as never, memberOf(ctx)],
  );
}

/** Events are written only for forms that an enabled published flow watches, or whose dates move an approval's timers. */
async function watchForms(tx: Tx, ctx: TenantContext): Promise<void> {
  await tx.run(
    `UPDATE lianke.form SET watched = w.watched FROM (
       SELECT o.id, EXISTS (
         SELECT 1 FROM lianke.flow f JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
         WHERE f.enabled AND v.definition->'trigger'->>'formId' = o.id::text
           AND v.definition->'trigger'->>'type' NOT IN ('schedule','dateArrives','button','webhook','chat','called'))
         OR EXISTS (SELECT 1 FROM lianke.flow_version d WHERE d.definition->'trigger'->>'formId' = o.id::text AND d.definition @? ${datedTimers}) AS watched
       FROM lianke.form o) w
     WHERE lianke.form.id = w.id AND lianke.form.watched <> w.watched`,
  );
  await bumpSchema(tx, ctx.tenantId);
}

export function nodeName(definition: FlowDefinition, id: string): Words {
  if (id === 'trigger') return { zh: '触发节点', en: 'the trigger' };
  const index = definition.nodes.findIndex((node) => node.id === id);
  const name = definition.nodes[index]?.name;
  return { zh: `节点“${name || `第 ${index + 1} 个`}”`, en: name ? `step "${name}"` : `step ${index + 1}` };
}
