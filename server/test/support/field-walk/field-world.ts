import { Readable } from 'node:stream';
import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { TenantContext } from '../../../src/engine/context.js';
import { ExportsModule } from '../../../src/engine/exports/exports.module.js';
import { FilesService } from '../../../src/engine/files/files.service.js';
import { ImportsModule } from '../../../src/engine/imports/imports.module.js';
import { OrgService } from '../../../src/engine/org/org.service.js';
import { Notifier } from '../../../src/engine/ports.js';
import type { StoredRecord } from '../../../src/engine/records/contracts.js';
import { RecordReader } from '../../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../../src/engine/records/record-writer.js';
import { createTestEngine, type TestEngine, TestTenant } from '../engine.js';
import { type Case, type Sample, samplesOf, type WrittenType } from './samples.js';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** A company with two of everything that values name, and forms with the fields that are walked. */
export class FieldWorld {
  private constructor(
    readonly engine: TestEngine,
    readonly tenant: TestTenant,
    readonly ctx: TenantContext,
    readonly appId: FormView['appId'],
    readonly samples: Record<WrittenType, Sample>,
  ) {}

  static async open(): Promise<FieldWorld> {
    const silent: Notifier = { enqueue: async () => undefined, update: async () => undefined };
    const ports = [{ provide: Notifier, useValue: silent }];
    const engine = await createTestEngine('2026-03-04T02:00:00Z', [ImportsModule, ExportsModule], ports);
    const org = engine.get(OrgService);
    const { tenantId, adminRoleId } = await org.createTenant({ key: 'acme', name: 'acme' });
    const sales = await org.createDepartment({ tenantId }, { name: '销售部' });
    const marketing = await org.createDepartment({ tenantId }, { name: '市场部' });
    const me = await org.createMember({ tenantId }, { name: '王芳', roleIds: [adminRoleId], departmentIds: [sales] });
    const him = await org.createMember({ tenantId }, { name: '李雷' });
    const tenant = new TestTenant(engine, tenantId, me);
    const ctx = await tenant.ctx(me);
    const appId = await tenant.app();
    const company = await tenant.form({ appId, name: '公司', fields: [{ name: '名称', key: 'name', type: 'text' }] });
    const made = await engine.get(RecordWriter).write(ctx, {
      formId: company.id,
      op: 'create',
      rows: ['甲', '乙'].map((name) => ({ values: { name } })),
    });
    const file = async (name: string) =>
      (await engine.get(FilesService).upload(ctx, name, Readable.from([png]))).id as string;
    const samples = samplesOf({
      members: [me, him],
      departments: [sales, marketing],
      records: made.results.map((result) => String(result.id)) as [string, string],
      files: [await file('一.png'), await file('二.png')],
      formId: company.id,
    });
    return new FieldWorld(engine, tenant, ctx, appId, samples);
  }

  /** A form with a field for each case. */
  form(name: string, cases: readonly Case[]): Promise<FormView> {
    return this.tenant.form({
      appId: this.appId,
      name,
      fields: cases.map(({ key, name: called, type, encrypted }) => ({
        key,
        name: called,
        type,
        config: this.samples[type].config ?? {},
        ...(encrypted ? { encrypted } : {}),
      })),
    });
  }

  write(
    form: FormView,
    op: 'create' | 'update',
    rows: { id?: RecordId; values: Record<string, Json> }[],
    batchId?: BatchId,
  ) {
    return this.engine
      .get(RecordWriter)
      .write(this.ctx, { formId: form.id, op, rows, ...(batchId ? { batchId } : {}) });
  }

  stored(form: FormView, ids: RecordId[]): Promise<StoredRecord[]> {
    return this.engine.kernel.database.withTenant(this.ctx, (tx) =>
      this.engine.get(RecordReader).stored(tx, this.ctx, form.id, ids),
    );
  }

  async close(): Promise<void> {
    await this.engine.kernel.jobs.stop();
    await this.engine.close();
  }
}
