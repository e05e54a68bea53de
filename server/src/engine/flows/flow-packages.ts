import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { AppId, FlowId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import type { FlowInstaller, PackagedFlow } from '../ports.js';
import { FlowsService, freeze, nodeName } from './flows.service.js';
import { MailAccountService } from './outside/mail-account.service.js';
import { SecretsService } from './outside/secrets.service.js';
import { validateFlow } from './validate.js';

/** Flows that come with an app's package. */
@Injectable()
export class FlowPackages implements FlowInstaller {
  constructor(
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly secrets: SecretsService,
    private readonly mail: MailAccountService,
    private readonly flows: FlowsService,
  ) {}

  async faults(
    tx: Tx,
    ctx: TenantContext,
    { forms, org }: { forms: TenantForms; org: Org },
    definitions: readonly FlowDefinition[],
  ): Promise<Words[][]> {
    const outside = { secrets: await this.secrets.kinds(tx), mail: await this.mail.isSet(tx) };
    return definitions.map((definition) =>
      validateFlow(definition, forms, org, ctx.timeZone, outside).map(({ node, words }) => {
        const at = nodeName(definition, node);
        return { zh: `${at.zh}：${words.zh}`, en: `${at.en}: ${words.en}` };
      }),
    );
  }

  async install(
    tx: Tx,
    ctx: TenantContext,
    appId: AppId,
    flows: readonly PackagedFlow[],
    { strict = false }: { strict?: boolean } = {},
  ): Promise<{ drafts: string[] }> {
    const forms = await this.registry.load(tx, ctx);
    const found = await this.faults(
      tx,
      ctx,
      { forms, org: await this.org.load(tx) },
      flows.map(({ definition }) => definition),
    );
    for (const [index, flow] of flows.entries()) {
      const fault = strict ? found[index]?.[0] : undefined;
      if (fault)
        throw refusal('invalid_definition', {
          zh: `流程“${flow.name}”${fault.zh}`,
          en: `Flow "${flow.name}", ${fault.en}`,
        });
    }
    const drafts: string[] = [];
    for (const [index, { id, name, definition, isNew, start }] of flows.entries()) {
      const values = [ctx.tenantId, id, appId, definition.trigger.formId, name, definition as never];
      await tx.run(
        isNew
          ? 'INSERT INTO lianke.flow (tenant_id, id, app_id, form_id, name, draft) VALUES ($1,$2,$3,$4,$5,$6)'
          : `UPDATE lianke.flow SET name = $5, draft = $6, updated_at = now(),
               form_id = CASE WHEN published_version IS NULL THEN $4 ELSE form_id END
             WHERE tenant_id = $1 AND id = $2 AND app_id = $3`,
        values,
      );
      if ((found[index]?.length ?? 0) > 0) drafts.push(name);
      else if (isNew || start) await this.freezeAndArm(tx, ctx, id, definition, isNew, start, forms);
    }
    return { drafts };
  }

  /** A flow that was switched off stays off, whatever a package brings. */
  private async freezeAndArm(
    tx: Tx,
    ctx: TenantContext,
    id: FlowId,
    definition: FlowDefinition,
    isNew: boolean,
    start: boolean,
    forms: TenantForms,
  ): Promise<void> {
    const [row] = await tx.sql<{ enabled: boolean }>('SELECT enabled FROM lianke.flow WHERE id = $1', [id]);
    await freeze(tx, ctx, id, definition, isNew ? start : row?.enabled === true);
    await this.flows.arm(tx, ctx, id, forms);
  }
}
