import type { AppPackage } from '@lianke/shared/apps/package';
import { FormRegistry } from '../../src/engine/forms/form-registry.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { Database } from '../../src/kernel/database/database.js';
import type { TestEngine, TestTenant } from './engine.js';
import { createFlowEngine } from './flows.js';
import { exported, type OrderApp, orderApp } from './packaged-app.js';

/** Two companies, and the app of one as a package. */
export interface PackageWorld {
  engine: TestEngine;
  a: TestTenant;
  b: TestTenant;
  source: OrderApp;
  pack: AppPackage;
}

export async function packageWorld(): Promise<PackageWorld> {
  const engine = await createFlowEngine();
  const [a, b] = [await engine.tenant('alpha'), await engine.tenant('beta')];
  const source = await orderApp(a);
  return { engine, a, b, source, pack: await exported(a, source.appId) };
}

export const formsOf = async (tenant: TestTenant, appId: string) =>
  (await tenant.engine.get(FormRegistry).forms(await tenant.ctx())).filter((form) => form.appId === appId);

export async function formOf(tenant: TestTenant, appId: string, key: string) {
  const form = (await formsOf(tenant, appId)).find((item) => item.key === key);
  if (!form) throw new Error(`no form ${key}`);
  return form;
}

export const create = async (tenant: TestTenant, formId: string, values: Record<string, unknown>) =>
  (
    await tenant.engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      ...{ formId: formId as never, op: 'create' },
      row: { values: values as never },
    })
  ).id;

export const read = async (tenant: TestTenant, formId: string, id: string) =>
  (await tenant.engine.get(RecordReader).get(await tenant.ctx(), formId as never, id as never)).values;

/** How many rows a company has in a table. */
export const rows = async (tenant: TestTenant, table: string) =>
  (
    await tenant.engine
      .get(Database)
      .withTenant({ tenantId: tenant.id }, (tx) =>
        tx.sql<{ n: number }>(`SELECT count(*)::int AS n FROM lianke.${table}`),
      )
  )[0]?.n;
