import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, ExportId, MemberId, RecordId } from '@lianke/shared/ids';
import { type ExportBody, exportBody } from '@lianke/shared/records/exports';
import type { TenantContext } from '../../src/engine/context.js';
import { ExportRunner } from '../../src/engine/exports/export-runner.js';
import { ExportsModule } from '../../src/engine/exports/exports.module.js';
import { ExportsService } from '../../src/engine/exports/exports.service.js';
import { ImportsModule } from '../../src/engine/imports/imports.module.js';
import { type Notification, Notifier } from '../../src/engine/ports.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import type { Tx } from '../../src/kernel/database/tx.js';
import { createTestEngine, type TestEngine, type TestTenant } from './engine.js';
import { type ChineseNotification, inChinese } from './in-chinese.js';

/** A company that exports and imports; `form` are its customers. */
export class ExportWorld {
  readonly never = new AbortController().signal;

  private constructor(
    readonly engine: TestEngine,
    readonly tenant: TestTenant,
    readonly appId: AppId,
    readonly form: FormView,
    /** What people were told. */
    readonly notices: readonly ChineseNotification[],
  ) {}

  static async start(): Promise<ExportWorld> {
    const notices: ChineseNotification[] = [];
    const told = {
      enqueue: async (_tx: Tx, _ctx: TenantContext, notice: Notification) => void notices.push(inChinese(notice)),
      update: async () => undefined,
    };
    const modules = [ImportsModule, ExportsModule];
    const engine = await createTestEngine(undefined, modules, [{ provide: Notifier, useValue: told }]);
    const tenant = await engine.tenant('exports');
    const appId = await tenant.app();
    const form = await tenant.form({
      appId,
      name: '客户',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'amount', name: '金额', type: 'money' },
        { key: 'since', name: '首次联系', type: 'date' },
        { key: 'at', name: '下次联系', type: 'datetime' },
        { key: 'phone', name: '电话', type: 'phone' },
        { key: 'secret', name: '底价', type: 'money' },
      ],
    });
    return new ExportWorld(engine, tenant, appId, form, notices);
  }

  async close(): Promise<void> {
    await this.engine.kernel.jobs.stop();
    await this.engine.close();
  }

  /** A customer of whoever `ctx` is, the administrator's when absent. */
  async make(values: Record<string, unknown>, ctx?: TenantContext): Promise<RecordId> {
    const { id } = await this.engine.get(RecordWriter).writeOne(ctx ?? (await this.tenant.ctx()), {
      ...{ formId: this.form.id, op: 'create' },
      row: { values: values as never },
    });
    return id;
  }

  /** An export of the customers, run to its end. */
  async ask(body: Partial<ExportBody>, by: MemberId = this.tenant.admin) {
    const exports = this.engine.get(ExportsService);
    const made = await exports.create(await this.tenant.ctx(by), this.form.id, exportBody.parse(body));
    await this.engine.get(ExportRunner).run(this.tenant.id, made.id, this.never);
    return exports.get(await this.tenant.ctx(by), made.id);
  }

  async fetchFile(id: ExportId, by: MemberId = this.tenant.admin): Promise<Readable> {
    return (await this.engine.get(ExportsService).file(await this.tenant.ctx(by), id)).stream;
  }
}

/** With the byte order mark that a text decoder would drop. */
export const readText = async (stream: Readable) => (await buffer(stream)).toString('utf8');
