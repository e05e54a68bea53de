import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FormId, ImportId, MemberId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import type { RecordView } from '@lianke/shared/records/query';
import { PackageInstaller } from '../../src/engine/apps/package-installer.js';
import { builtInTemplates } from '../../src/engine/apps/templates.js';
import { FormsService } from '../../src/engine/forms/forms.service.js';
import { ImportsModule } from '../../src/engine/imports/imports.module.js';
import { ImportsService } from '../../src/engine/imports/imports.service.js';
import { ImportRunner } from '../../src/engine/imports/run/import-runner.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { createTestEngine, type TestEngine, type TestTenant } from './engine.js';

const people = ['刘洋', '陈静', '张敏', '王芳', '李伟'];
const never = new AbortController().signal;

/** A file of `test/fixtures`. */
export const fixture = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url));

export const createImportEngine = () => createTestEngine('2026-03-04T02:00:00Z', [ImportsModule]);

export async function closeImportEngine(engine: TestEngine): Promise<void> {
  await engine.kernel.jobs.stop();
  await engine.close();
}

/** A company with the ledger's people, 小周 having left, and an empty app. */
export class Company {
  private constructor(
    readonly engine: TestEngine,
    readonly tenant: TestTenant,
    readonly appId: AppId,
    readonly members: ReadonlyMap<string, MemberId>,
  ) {}

  static async open(engine: TestEngine, options: { template?: boolean } = {}): Promise<Company> {
    const tenant = await engine.tenant();
    const org = engine.get(OrgService);
    const members = new Map<string, MemberId>();
    for (const name of [...people, '小周'])
      members.set(name, await org.createMember({ tenantId: tenant.id }, { name, roleIds: [] }));
    const left = members.get('小周');
    if (left) await org.updateMember({ tenantId: tenant.id }, left, { state: 'left' });
    const crm = builtInTemplates().get('crm');
    const appId = options.template
      ? await engine.get(PackageInstaller).install(await tenant.ctx(), crm)
      : await tenant.app();
    return new Company(engine, tenant, appId, members);
  }

  async upload(content: Buffer, name = '客户台账.xlsx', more: { formId?: FormId } = {}): Promise<ImportView> {
    return this.engine
      .get(ImportsService)
      .create(await this.tenant.ctx(), { appId: this.appId, ...more }, { name, content: Readable.from([content]) });
  }

  async start(id: ImportId, body: Parameters<ImportsService['start']>[2] = {}): Promise<ImportView> {
    await this.engine.get(ImportsService).start(await this.tenant.ctx(), id, body);
    return this.work(id);
  }

  async work(id: ImportId): Promise<ImportView> {
    await this.engine.get(ImportRunner).run(this.tenant.id, id, never);
    return this.get(id);
  }

  async get(id: ImportId): Promise<ImportView> {
    return this.engine.get(ImportsService).get(await this.tenant.ctx(), id);
  }

  async undo(id: ImportId): Promise<ImportView> {
    await this.engine.get(ImportsService).undo(await this.tenant.ctx(), id);
    return this.workUndo(id);
  }

  /** Another worker takes an undo up. */
  async workUndo(id: ImportId): Promise<ImportView> {
    await this.engine.get(ImportRunner).undo(this.tenant.id, id, never);
    return this.get(id);
  }

  async form(name: string): Promise<FormView> {
    const forms = await this.engine.get(FormsService).list(await this.tenant.ctx(), this.appId);
    const found = forms.find((form) => form.name === name);
    if (!found) throw new Error(`no form ${name}`);
    return found;
  }

  async count(name: string, filter?: object): Promise<number> {
    const [item] = await this.engine.get(RecordReader).aggregate(await this.tenant.ctx(), (await this.form(name)).id, {
      groupBy: [],
      metrics: [{ fn: 'count', as: 'n' }],
      sort: [],
      limit: 1,
      ...(filter && { filter: filter as never }),
    });
    return Number(item?.metrics.n);
  }

  async records(name: string, filter: object, fields?: string[]): Promise<RecordView[]> {
    const query = { filter: filter as never, limit: 200, total: false, ...(fields && { fields }) } as const;
    return (await this.engine.get(RecordReader).query(await this.tenant.ctx(), (await this.form(name)).id, query))
      .items;
  }
}
