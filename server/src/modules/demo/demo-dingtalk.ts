import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import { CONFIG, LOGGER, OUTBOUND } from '../../kernel/tokens.js';
import { ChatAccounts } from '../chat/chat-accounts.js';
import { type Connection, testAction } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { ConnectionService } from '../chat/connection.service.js';
import { ChatMemberChannels } from '../chat/member-channels.js';
import { OrgSync } from '../chat/org/org-sync.js';
import { type DemoDingtalk, SandboxClient } from './sandbox-client.js';

const presser = 'admin';
const lookEveryMs = 500;
/** Five minutes: a first start on a busy machine may take that long to bring the card. */
const lookAtMost = 600;
/** The card is sent anew after so many looks: somebody may have emptied the phones meanwhile. */
const anewEvery = 12;

/** The demonstration's DingTalk: the same company a second time, where two of its people read their messages. */
@Injectable()
export class DemoDingtalkSeed implements OnApplicationShutdown {
  private readonly sandbox: SandboxClient;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly connections: ConnectionService,
    private readonly repository: ConnectionRepository,
    private readonly accounts: ChatAccounts,
    private readonly channels: ChatMemberChannels,
    private readonly sync: OrgSync,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(OUTBOUND) http: OutboundHttp,
  ) {
    this.sandbox = new SandboxClient(http, config.wecom.apiBase);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
  }

  /** Connects a tenant's DingTalk and says who is who there, as an administrator would. May be done again. */
  async connect(tenantId: TenantId, tenantKey: string): Promise<void> {
    const corp = await this.sandbox.dingtalkOf(tenantKey);
    const [app] = corp?.apps ?? [];
    if (!corp || !app) return;
    const known = (await this.repository.list({ tenantId })).find((each) => each.channel === 'dingtalk');
    const connection = await this.connections.save(
      { tenantId },
      {
        ...(known ? { id: known.id } : {}),
        channel: 'dingtalk',
        name: '钉钉',
        corpId: corp.corpId,
        agentId: String(app.agentId),
        appKey: app.appKey,
        secret: app.appSecret,
        settings: { push: 'stream', cardTemplateId: app.cardTemplates[0]?.id ?? '' },
      },
    );
    await this.introduce(connection);
    await this.link(connection, corp);
    await this.sync.run(connection);
    this.proveCards(connection);
  }

  /** Tells the sandbox where its phones find the product; proves the cards where that has not worked yet. */
  async introduce(connection: Connection): Promise<void> {
    const home = `${this.config.publicUrl}/m/?connection=${connection.id}`;
    await this.sandbox.setDingtalkHome(connection.appKey ?? '', home);
  }

  /**
   * The test card of the connection page, pressed on 管理员's phone: only then do cards carry buttons. Goes on beside
   * everything else, because the card travels through the same queue as all others.
   */
  proveCards(connection: Connection): void {
    if (connection.state.testPressedAt || this.config.role === 'api') return;
    this.prove(connection).catch((error: unknown) =>
      this.logger.warn({ err: error }, 'the test card of the demonstration has not come back'),
    );
  }

  private async prove(connection: Connection): Promise<void> {
    const memberId = await this.accounts.memberOf(connection, presser);
    if (!memberId) return;
    const ctx = await this.tenants.context(connection.tenantId, { kind: 'member', memberId });
    const action = `${testAction}:${connection.id}`;
    for (let look = 0; look < lookAtMost && !this.stopped; look++) {
      try {
        const now = await this.repository.ofTenant(connection, connection.id);
        if (now?.state.testPressedAt) return;
        if (look % anewEvery === 0) await this.connections.test(ctx, connection.id);
        else await this.sandbox.pressDingtalk(connection.appKey ?? '', presser, action);
      } catch (error) {
        // Once may be refused what works a moment later.
        this.logger.warn({ err: error }, 'the test card of the demonstration has not come back yet');
      }
      await new Promise((resume) => setTimeout(resume, lookEveryMs));
    }
  }

  private async link(connection: Connection, corp: DemoDingtalk): Promise<void> {
    const userids = corp.members.map((member) => member.userid);
    const rows = await this.database.withTenant(connection, async (tx) => {
      const found = await tx.sql<{ userid: string; memberId: MemberId }>(
        `SELECT DISTINCT ON (a.userid) a.userid, a.member_id AS "memberId" FROM lianke.chat_account a
         JOIN lianke.chat_connection c ON c.id = a.connection_id AND c.channel = 'wecom'
         WHERE a.userid = ANY($1) ORDER BY a.userid, a.created_at`,
        [userids],
      );
      await this.accounts.bind(tx, connection, found);
      return found;
    });
    for (const row of rows)
      if (corp.residents.includes(row.userid)) await this.channels.choose(connection, row.memberId, 'dingtalk');
  }
}
