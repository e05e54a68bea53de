import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { CardActions, MemberChannels, Notifier } from '../../engine/ports.js';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { GraphileJobs } from '../../kernel/jobs/graphile-jobs.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import type { Bus } from '../../kernel/redis/bus.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { BUS, CLOCK, CONFIG, LOGGER, OUTBOUND, RATE_LIMITER, SECRETS } from '../../kernel/tokens.js';
import { ChatAccounts } from './chat-accounts.js';
import { ChatLogin } from './chat-login.js';
import { ChatWorkers } from './chat-workers.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import { ConnectionsController } from './connections.controller.js';
import { ChatMemberChannels } from './member-channels.js';
import { MessageService } from './message.service.js';
import { MessageSender } from './message-sender.js';
import { MessageStore } from './message-store.js';
import { OrgSyncJobs } from './org-sync-jobs.js';
import { TokenStore } from './token-store.js';
import { acceptXml } from './wecom/accept-xml.js';
import { WecomCallbackController } from './wecom/callback.controller.js';
import { CallbackInbox } from './wecom/callback-inbox.js';
import { CallbackWorker } from './wecom/callback-worker.js';
import { WecomOrgSync } from './wecom/org-sync.js';
import { SyncRepository } from './wecom/sync.repository.js';
import { WecomClient } from './wecom/wecom-client.js';

/** Chat platforms: connections, their people, messages out and callbacks in. Global, because the engine's ports end here. */
@Global()
@Module({
  controllers: [ConnectionsController, WecomCallbackController],
  providers: [
    ChatAccounts,
    MessageService,
    MessageStore,
    CallbackInbox,
    SyncRepository,
    { provide: Notifier, useExisting: MessageService },
    { provide: MemberChannels, useClass: ChatMemberChannels },
    {
      provide: ConnectionRepository,
      inject: [Database, SECRETS],
      useFactory: (database: Database, secrets: SecretBox) => new ConnectionRepository(database, secrets),
    },
    {
      provide: TokenStore,
      inject: [Database, SECRETS],
      useFactory: (database: Database, secrets: SecretBox) => new TokenStore(database, secrets),
    },
    {
      provide: WecomClient,
      inject: [OUTBOUND, TokenStore, CONFIG],
      useFactory: (http: OutboundHttp, tokens: TokenStore, config: Config) =>
        new WecomClient(http, tokens, config.wecom.apiBase),
    },
    {
      provide: ChatLogin,
      inject: [WecomClient, CONFIG],
      useFactory: (client: WecomClient, config: Config) => new ChatLogin(client, config.wecom),
    },
    {
      provide: WecomOrgSync,
      inject: [Database, WecomClient, SyncRepository, ConnectionRepository, CLOCK],
      useFactory: (
        database: Database,
        client: WecomClient,
        repository: SyncRepository,
        connections: ConnectionRepository,
        clock: Clock,
      ) => new WecomOrgSync(database, client, repository, connections, clock),
    },
    {
      provide: OrgSyncJobs,
      inject: [Database, GraphileJobs, ConnectionRepository, WecomOrgSync, CLOCK, LOGGER, CONFIG],
      useFactory: (
        database: Database,
        jobs: GraphileJobs,
        connections: ConnectionRepository,
        sync: WecomOrgSync,
        clock: Clock,
        logger: Logger,
        { role }: Config,
      ) => new OrgSyncJobs({ database, jobs, connections, sync, clock, logger, enabled: role !== 'api' }),
    },
    {
      provide: ConnectionService,
      inject: [Database, ConnectionRepository, MessageService, WecomClient, OrgSyncJobs, CardActions, CONFIG],
      useFactory: (
        database: Database,
        repository: ConnectionRepository,
        messages: MessageService,
        client: WecomClient,
        syncs: OrgSyncJobs,
        actions: CardActions,
        config: Config,
      ) => {
        const service = new ConnectionService(database, repository, messages, client, syncs, config.publicUrl);
        actions.register(service);
        return service;
      },
    },
    {
      provide: MessageSender,
      inject: [MessageStore, ConnectionRepository, WecomClient, RATE_LIMITER, LOGGER, CONFIG],
      useFactory: (
        store: MessageStore,
        connections: ConnectionRepository,
        client: WecomClient,
        limiter: RateLimiter,
        logger: Logger,
        config: Config,
      ) =>
        new MessageSender({
          store,
          connections,
          client,
          limiter,
          logger,
          publicUrl: config.publicUrl,
          random: Math.random,
        }),
    },
    {
      provide: CallbackWorker,
      inject: [
        CallbackInbox,
        ConnectionRepository,
        ChatAccounts,
        MessageService,
        CardActions,
        TenantDirectory,
        WecomOrgSync,
        Database,
        LOGGER,
      ],
      useFactory: (
        inbox: CallbackInbox,
        connections: ConnectionRepository,
        accounts: ChatAccounts,
        messages: MessageService,
        actions: CardActions,
        tenants: TenantDirectory,
        sync: WecomOrgSync,
        database: Database,
        logger: Logger,
      ) => new CallbackWorker({ inbox, connections, accounts, messages, actions, tenants, sync, database, logger }),
    },
    {
      provide: ChatWorkers,
      inject: [MessageSender, MessageService, CallbackWorker, CallbackInbox, BUS, LOGGER, CONFIG],
      useFactory: (
        sender: MessageSender,
        messages: MessageService,
        callbacks: CallbackWorker,
        inbox: CallbackInbox,
        bus: Bus,
        logger: Logger,
        { role }: Config,
      ) => new ChatWorkers({ sender, messages, callbacks, inbox, bus, logger, enabled: role !== 'api' }),
    },
  ],
  exports: [
    ChatLogin,
    ChatWorkers,
    ConnectionRepository,
    ConnectionService,
    OrgSyncJobs,
    ChatAccounts,
    WecomClient,
    WecomOrgSync,
    Notifier,
    MemberChannels,
  ],
})
export class ChatModule implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly http: HttpAdapterHost) {}

  onModuleInit(): void {
    // A process without HTTP has no pushes to read.
    if (this.http.httpAdapter?.getType() === 'fastify') acceptXml(this.http.httpAdapter.getInstance<FastifyInstance>());
  }
}
