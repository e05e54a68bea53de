import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { AppId, FlowId, FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { VersionedCache } from '../versioned-cache.js';

export interface PublishedFlow {
  id: FlowId;
  appId: AppId;
  name: string;
  version: number;
  enabled: boolean;
  definition: FlowDefinition;
}

/** Published versions, cached by the tenant's schema version; old versions of running instances one by one. */
@Injectable()
export class PublishedFlows {
  private readonly current = new VersionedCache<Map<FormId, PublishedFlow[]>>();
  private readonly versions = new Map<string, Promise<FlowDefinition>>();

  constructor(private readonly database: Database) {}

  /** Enabled flows that watch a form. */
  async watching(ctx: TenantContext, formId: FormId): Promise<PublishedFlow[]> {
    return (await this.all(ctx)).get(formId) ?? [];
  }

  /** Enabled flows by the form they watch. */
  all(ctx: TenantContext): Promise<ReadonlyMap<FormId, PublishedFlow[]>> {
    return this.current.get(ctx.tenantId, String(ctx.schemaVersion), () => this.load(ctx));
  }

  /** A flow that is switched on, as published. */
  async find(ctx: TenantContext, flowId: FlowId): Promise<PublishedFlow | undefined> {
    for (const flows of (await this.all(ctx)).values()) {
      const found = flows.find((flow) => flow.id === flowId);
      if (found) return found;
    }
    return undefined;
  }

  /** Looks flows that are switched on up, as published. */
  async lookup(ctx: TenantContext): Promise<(flowId: FlowId) => FlowDefinition | undefined> {
    const byId = new Map([...(await this.all(ctx)).values()].flat().map((flow) => [flow.id, flow.definition]));
    return (flowId) => byId.get(flowId);
  }

  /**
   * A version never changes, so it is kept for as long as the process likes.
   * @param within the transaction at hand, where one is open: a request holds one connection
   */
  version(ctx: TenantContext, flowId: FlowId, version: number, within?: Tx): Promise<FlowDefinition> {
    const key = `${ctx.tenantId}/${flowId}/${version}`;
    let loading = this.versions.get(key);
    if (!loading) {
      const read = async (tx: Tx) => {
        const [row] = await tx.sql<{ definition: unknown }>(
          'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
          [flowId, version],
        );
        return flowDefinition.parse(row?.definition);
      };
      loading = within ? read(within) : this.database.withTenant(ctx, read);
      loading.catch(() => this.versions.delete(key));
      this.versions.set(key, loading);
      if (this.versions.size > 1000) this.versions.delete(this.versions.keys().next().value ?? '');
    }
    return loading;
  }

  private load(ctx: TenantContext): Promise<Map<FormId, PublishedFlow[]>> {
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await tx.sql<{ id: FlowId; app_id: AppId; name: string; version: number; definition: unknown }>(
        `SELECT f.id, f.app_id, f.name, v.version, v.definition FROM lianke.flow f
         JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
         WHERE f.enabled ORDER BY f.created_at, f.id`,
      );
      const byForm = new Map<FormId, PublishedFlow[]>();
      for (const row of rows) {
        const definition = flowDefinition.parse(row.definition);
        const flow = { id: row.id, appId: row.app_id, name: row.name, version: row.version, enabled: true, definition };
        byForm.set(definition.trigger.formId, [...(byForm.get(definition.trigger.formId) ?? []), flow]);
      }
      return byForm;
    });
  }
}
