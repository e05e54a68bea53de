import type { AnswerOf, BodyOf } from '@lianke/shared/api/contracts';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { memberOf, type TenantContext } from '../../engine/context.js';
import type { CardActionHandler, ReceivedCardAction } from '../../engine/ports.js';
import { bumpAccess } from '../../engine/versions.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { type Said } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { type Connection, testAction } from './connection.js';
import { ConnectionRepository } from './connection.repository.js';
import type { ConnectionViews } from './connection-views.js';
import { MessageService } from './message.service.js';
import type { OrgSyncJobs } from './org-sync-jobs.js';
import { PlatformError } from './port/platform-error.js';
import type { ChatPlatforms } from './port/platforms.js';
import { callbackKeys } from './random-text.js';
import type { SiteFile, SiteFiles } from './site-files.js';
import { both, type Language, say } from './texts.js';

type View = AnswerOf<'connections.save'>;

/** Connections to chat platforms: set up, checked, and tried out with a card. */
@Injectable()
export class ConnectionService implements CardActionHandler {
  constructor(
    private readonly database: Database,
    private readonly repository: ConnectionRepository,
    private readonly messages: MessageService,
    private readonly platforms: ChatPlatforms,
    private readonly syncs: OrgSyncJobs,
    private readonly siteFiles: SiteFiles,
    private readonly views: ConnectionViews,
  ) {}

  async list(ctx: TenantContext, language: Language = 'zh'): Promise<View[]> {
    const connections = await this.repository.list(ctx);
    return Promise.all(connections.map((connection) => this.view(ctx, connection, language)));
  }

  /**
   * Creates or changes a connection and checks its secret at once. An absent secret keeps the one there is; a new one takes
   * the place of one that works only once it works too.
   */
  async save(ctx: { tenantId: TenantId }, body: BodyOf<'connections.save'>): Promise<Connection> {
    const before = body.id ? await this.require(ctx, body.id as ConnectionId) : null;
    if (before && before.channel !== body.channel)
      throw refusal('invalid_request', {
        zh: '连接的平台不能更换，请新建一个连接',
        en: 'A connection cannot change its platform; make a new one',
      });
    if (before && before.suiteId !== null) return this.saveInstalled(before, body);
    const appKey = body.appKey ?? null;
    const settings = {
      push: body.channel === 'dingtalk' ? ('stream' as const) : undefined,
      ...body.settings,
      sidebar: before?.settings.sidebar,
    };
    const same = before && before.corpId === body.corpId && before.agentId === body.agentId && before.appKey === appKey;
    if (before && !same && !body.secret)
      throw refusal('invalid_request', {
        zh: '换了企业或应用，请同时填写它的 Secret',
        en: 'Another company or app needs its own secret as well',
      });
    const connection: Connection = {
      tenantId: ctx.tenantId,
      id: before?.id ?? (uuid7() as ConnectionId),
      channel: body.channel,
      suiteId: null,
      name: body.name,
      corpId: body.corpId,
      agentId: body.agentId,
      appKey,
      settings,
      secret: body.secret ?? before?.secret ?? null,
      proxy: body.proxy === undefined ? (before?.proxy ?? null) : body.proxy,
      ...(before ? { callbackToken: before.callbackToken, callbackAesKey: before.callbackAesKey } : callbackKeys()),
      state: same ? keptState(before, settings) : {},
    };
    const wrong = this.platforms.of(connection).settingsProblem(connection);
    if (wrong !== null) throw refusal('invalid_request', wrong);
    if (before?.state.secretOk) {
      if (body.secret)
        await this.prove(connection, {
          zh: '新的 Secret 没有通过，原来的仍在使用。',
          en: 'The new secret was refused; the former one stays in use.',
        });
      else if (body.proxy && body.proxy !== before.proxy)
        await this.prove(connection, {
          zh: '经新的代理没有通过，原来的设置仍在使用。',
          en: 'It does not work through the new proxy; the former settings stay in use.',
        });
    }
    await this.database.withTenant(ctx, async (tx) => {
      const [other] = await tx.sql<{ name: string }>(
        `SELECT name FROM lianke.chat_connection WHERE channel = $1 AND lower(corp_id) = lower($2) AND agent_id = $3 AND id <> $4`,
        [connection.channel, connection.corpId, connection.agentId, connection.id],
      );
      if (other) throw new AppError('already_exists', { name: other.name });
      if (before) await this.repository.update(tx, connection);
      else await this.repository.insert(tx, connection);
      if (before && bodiesDiffer(before.settings, settings)) await composeAnew(tx, connection.id);
      // A token of the former secret must not hide that the new one is wrong.
      if (body.secret) await tx.run('DELETE FROM lianke.chat_token WHERE connection_id = $1', [connection.id]);
    });
    return this.checkSecret(connection);
  }

  /** Of an app of the directory only the name is the company's; everything else the platform has settled. */
  private async saveInstalled(before: Connection, body: BodyOf<'connections.save'>): Promise<Connection> {
    const others = body.corpId !== before.corpId || body.agentId !== before.agentId || !!body.secret || !!body.proxy;
    if (others)
      throw refusal('invalid_request', {
        zh: '应用目录的连接由平台授权，不能改企业、应用、密钥与代理',
        en: 'An app of the directory is authorised by the platform: company, app, secret and proxy stay',
      });
    const connection = { ...before, name: body.name };
    await this.database.withTenant(before, (tx) => this.repository.update(tx, connection));
    return this.checkSecret(connection);
  }

  /** Checks the secret, reads the contacts, and sends the caller a card whose button must come back. */
  async test(ctx: TenantContext, id: ConnectionId, language: Language = 'zh'): Promise<View> {
    const connection = await this.checkSecret(await this.require(ctx, id));
    if (connection.state.secretOk) {
      await this.syncs.run(connection).catch((error: unknown) => {
        if (!(error instanceof PlatformError)) throw error;
      });
      await this.sendTestCard(ctx, connection);
    }
    return this.view(ctx, await this.require(ctx, id), language);
  }

  /** Asks for a synchronisation of departments and people; how it ends is in the view's `sync`. */
  async requestSync(ctx: { tenantId: TenantId }, id: ConnectionId, language: Language = 'zh'): Promise<View> {
    const connection = await this.require(ctx, id);
    if (connection.secret === null)
      throw refusal(
        'wrong_state',
        connection.suiteId === null
          ? {
              zh: '还没有填写 Secret，请先填写并保存连接',
              en: 'The secret has not been entered; enter it and save the connection',
            }
          : { zh: say('suiteCancelled'), en: say('suiteCancelled', {}, 'en') },
      );
    await this.syncs.request(connection);
    return this.view(ctx, await this.require(ctx, id), language);
  }

  /** Puts a file of the platform's at the root of our address. */
  async putSiteFile(
    ctx: { tenantId: TenantId },
    id: ConnectionId,
    file: SiteFile,
    language: Language = 'zh',
  ): Promise<View> {
    const connection = await this.require(ctx, id);
    if (connection.suiteId !== null || !this.platforms.of(connection).asksForSiteFiles)
      throw refusal('wrong_state', {
        zh: '这个连接不需要域名校验文件',
        en: 'This connection needs no file that proves a domain',
      });
    await this.siteFiles.put(connection, file);
    return this.view(ctx, connection, language);
  }

  async removeSiteFile(
    ctx: { tenantId: TenantId },
    id: ConnectionId,
    name: string,
    language: Language = 'zh',
  ): Promise<View> {
    const connection = await this.require(ctx, id);
    await this.siteFiles.remove(connection, name);
    return this.view(ctx, connection, language);
  }

  /** Takes a connection away: nobody logs in or is written to through it any more. People, departments and data stay. */
  async remove(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<void> {
    const connection = await this.require(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      await this.repository.remove(tx, connection);
      await bumpAccess(tx, ctx.tenantId);
    });
  }

  /** The connection as its page shows it. */
  view(ctx: { tenantId: TenantId }, connection: Connection, language: Language = 'zh'): Promise<View> {
    return this.views.of(ctx, connection, language);
  }

  callbackUrl(connection: Connection): string {
    return this.views.callbackUrl(connection);
  }

  /** The button of a test card came back. */
  async onCardAction(ctx: TenantContext, action: ReceivedCardAction): Promise<boolean> {
    const [kind, id] = action.action.split(':');
    if (kind !== testAction) return false;
    await this.database.withTenant(ctx, async (tx) => {
      await this.repository.note(tx, id as ConnectionId, { testPressedAt: new Date().toISOString(), problem: null });
      await this.messages.updateOne(tx, ctx, action.messageId, both('testDone'));
    });
    return true;
  }

  /** The connection; `not_found` where the tenant has none of this id. */
  async require(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<Connection> {
    const connection = await this.repository.ofTenant(ctx, id);
    if (!connection) throw new AppError('not_found');
    return connection;
  }

  /** What an administrator enters anew must work before it takes the place of what works. */
  private async prove(connection: Connection, opening: Words): Promise<void> {
    try {
      await this.platforms.of(connection).checkSecret(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const { zh, en } = error.words();
      throw refusal('invalid_request', { zh: `${opening.zh}${zh}`, en: `${opening.en} ${en}` });
    }
  }

  private async checkSecret(connection: Connection): Promise<Connection> {
    if (connection.secret === null) return connection;
    const found: { secretOk: boolean; secretMessage: Said | null } = { secretOk: true, secretMessage: null };
    try {
      await this.platforms.of(connection).checkSecret(connection);
      await this.platforms.of(connection).prepare(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      Object.assign(found, { secretOk: false, secretMessage: error.words() });
    }
    await this.database.withTenant(connection, (tx) =>
      this.repository.note(tx, connection.id, { ...found, ...(found.secretOk ? { problem: null } : {}) }),
    );
    return (await this.repository.ofTenant(connection, connection.id)) ?? connection;
  }

  private async sendTestCard(ctx: TenantContext, connection: Connection): Promise<void> {
    const memberId = memberOf(ctx);
    if (memberId === null) return;
    await this.database.withTenant(ctx, async (tx) => {
      const testMessageId = await this.messages.enqueueVia(
        tx,
        ctx,
        { connectionId: connection.id, memberId },
        {
          key: `connection-test:${uuid7()}`,
          card: {
            kind: 'notice',
            title: both('testTitle'),
            description: both('testDescription'),
            facts: [],
            path: '/pages/workbench/index',
            buttons: [{ text: both('testButton'), action: `${testAction}:${connection.id}`, style: 'primary' }],
          },
        },
      );
      await this.repository.note(tx, connection.id, { testMessageId, testPressedAt: null });
    });
  }
}

/** Whether the same card would be sent in other words. */
function bodiesDiffer(old: Connection['settings'], next: Connection['settings']): boolean {
  const own = ({ miniAppId = '', miniNotices = false, miniPages = false }: Connection['settings']) =>
    JSON.stringify([miniAppId, miniNotices, miniPages]);
  return own(old) !== own(next);
}

/** What waits and certainly is not out yet is made anew: the platform may have refused it for the settings there were. */
async function composeAnew(tx: Tx, id: ConnectionId): Promise<void> {
  await tx.run(
    `UPDATE lianke.message SET body = NULL, ready_at = clock_timestamp(), attempts = 0
     WHERE connection_id = $1 AND state = 'queued' AND body IS NOT NULL AND unknown_since IS NULL AND lease_until IS NULL`,
    [id],
  );
}

/** Another template, robot or way back must prove itself anew. */
function keptState({ state, settings }: Connection, next: Connection['settings']): Connection['state'] {
  const names = ['push', 'robotCode', 'cardTemplateId'] as const;
  if (names.every((name) => (settings[name] ?? '') === (next[name] ?? ''))) return state;
  const { testPressedAt: _pressed, testMessageId: _message, problem: _problem, ...rest } = state;
  return rest;
}
