import type { MemberId } from '@lianke/shared/ids';
import { shownUserid } from '../../../infra/sandbox/src/wecom/ids.js';
import { TenantDirectory } from '../../src/engine/org/tenant-directory.js';
import { CallbackWorker } from '../../src/modules/chat/callbacks/callback-worker.js';
import { ChatAccounts } from '../../src/modules/chat/chat-accounts.js';
import type { Connection } from '../../src/modules/chat/connection.js';
import { ConnectionRepository } from '../../src/modules/chat/connection.repository.js';
import { MessageSender } from '../../src/modules/chat/message-sender.js';
import { SuiteInstalls } from '../../src/modules/chat/suite/suite-installs.js';
import { SuiteWorker } from '../../src/modules/chat/suite/suite-worker.js';
import { type ChatTestApp, startChatApp } from './chat-app.js';

export const suite = { channel: 'wecom', id: 'wwsuite0000000001' } as const;
export const demo = 'wwdemo0000000001';

/** The application with wecom's directory before it, whose apps companies add and take away. */
export class WecomSuiteWorld {
  private constructor(readonly t: ChatTestApp) {}

  static async start(): Promise<WecomSuiteWorld> {
    return new WecomSuiteWorld(await startChatApp({ wait: async () => undefined }));
  }

  /** The platform's own side: what an administrator does in its directory and console. */
  async platform<T = Record<string, never>>(action: string, body: unknown, method = 'POST'): Promise<T> {
    const url = `${this.t.sandbox.url}/sandbox/api/suites/${suite.id}/${action}`;
    const answer = await fetch(url, { method, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    await this.t.sandbox.state.callbacks.idle();
    return (await answer.json()) as T;
  }

  /** Everything that waits is worked on. */
  async work(): Promise<void> {
    const { app, sandbox } = this.t;
    await sandbox.state.callbacks.idle();
    while (await app.get(SuiteWorker).round());
    while (await app.get(CallbackWorker).round());
    while (await app.get(MessageSender).round());
    await sandbox.state.callbacks.idle();
    while (await app.get(CallbackWorker).round());
    while (await app.get(MessageSender).round());
  }

  openId(corpId: string): string {
    return this.t.sandbox.state.wecom.world.suites.get(suite.id)?.installs.get(corpId)?.openCorpId ?? '';
  }

  /** What the platform tells the app in the place of a userid: it encrypts them for the provider. */
  seen(userid: string, corpId = demo): string {
    const apps = this.t.sandbox.state.wecom.world.corps.get(corpId)?.apps.values() ?? [];
    const app = [...apps].find((each) => each.suite !== null);
    if (!app) throw new Error(`${corpId} is not installed`);
    return shownUserid(app, userid);
  }

  /** What stands in the place of a name. */
  standIn(userid: string): string {
    return `成员 ${this.seen(userid).slice(-6)}`;
  }

  async connectionOf(corpId: string): Promise<Connection> {
    const { app } = this.t;
    const found = await app.get(SuiteInstalls).find(suite, this.openId(corpId));
    const connection = found && (await app.get(ConnectionRepository).ofTenant(found, found.connectionId));
    if (!connection) throw new Error(`${corpId} is not installed`);
    return connection;
  }

  async tenantCount(): Promise<number> {
    return (await this.t.app.get(TenantDirectory).list()).length;
  }

  async memberOf(connection: Connection, userid: string): Promise<MemberId> {
    const id = await this.t.app.get(ChatAccounts).memberOf(connection, this.seen(userid));
    if (!id) throw new Error(`${userid} is nobody`);
    return id;
  }

  rows<Row>(connection: Connection, sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.t.database.withTenant(connection, (tx) => tx.sql<Row>(sql, values as never[]));
  }

  contextOf(connection: Connection, memberId: MemberId) {
    return this.t.app.get(TenantDirectory).context(connection.tenantId, { kind: 'member', memberId });
  }
}
