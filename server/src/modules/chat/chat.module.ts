import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { CardActions, ChatWords, GroupChats, MemberChannels, MessageFates, Notifier } from '../../engine/ports.js';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { GraphileJobs } from '../../kernel/jobs/graphile-jobs.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { Outbound, OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import type { Bus } from '../../kernel/redis/bus.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { BUS, CLOCK, CONFIG, LOGGER, OUTBOUND, RATE_LIMITER, SECRETS } from '../../kernel/tokens.js';
import { AccountLinks } from './account-links.js';
import { CallbackInbox } from './callbacks/callback-inbox.js';
import { CallbackWorker } from './callbacks/callback-worker.js';
import { MissedPushes } from './callbacks/missed-pushes.js';
import { ChatAccounts } from './chat-accounts.js';
import { ChatLogin } from './chat-login.js';
import { ChatWorkers } from './chat-workers.js';
import { ChatChoiceController } from './choice.controller.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import { ConnectionsController } from './connections.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryLog } from './delivery-log.js';
import { DingtalkCallbackController } from './dingtalk/callback.controller.js';
import { DingApi } from './dingtalk/ding-api.js';
import { DingMessages } from './dingtalk/ding-messages.js';
import { DingPeople } from './dingtalk/ding-people.js';
import { DingtalkPlatform } from './dingtalk/dingtalk-platform.js';
import { PressReply } from './dingtalk/press-reply.js';
import { DingtalkStreams } from './dingtalk/streams.js';
import { DingtalkSuiteController } from './dingtalk/suite.controller.js';
import { DingtalkSuite } from './dingtalk/suite.js';
import { ChatGroups } from './group-chats.js';
import { LoginReturns } from './login-returns.js';
import { ChatMemberChannels } from './member-channels.js';
import { MessageService } from './message.service.js';
import { ChatMessageFates } from './message-fates.js';
import { MessageRecalls } from './message-recalls.js';
import { MessageSender } from './message-sender.js';
import { MessageStore } from './message-store.js';
import { NamesController } from './names.controller.js';
import { Notices } from './notices.js';
import { NotifyController } from './notify.controller.js';
import { NotifyPreferences } from './notify-preferences.js';
import { OrgSync } from './org/org-sync.js';
import { SyncRepository } from './org/sync.repository.js';
import { OrgSyncJobs } from './org-sync-jobs.js';
import { ChatPlatforms } from './port/platforms.js';
import { Suites } from './port/suite.js';
import { SiteFiles } from './site-files.js';
import { SuiteInstalls } from './suite/suite-installs.js';
import { suiteProviders } from './suite/suite-providers.js';
import { SuiteService } from './suite/suite-service.js';
import { SuiteTickets } from './suite/suite-tickets.js';
import { SuiteTokens } from './suite/suite-tokens.js';
import { suitesOf } from './suites-of.js';
import { TokenStore } from './token-store.js';
import { VisibleRanges } from './visible-ranges.js';
import { acceptXml } from './wecom/accept-xml.js';
import { WecomCallbackController } from './wecom/callback.controller.js';
import { WecomSiteFileController } from './wecom/site-file.controller.js';
import { WecomSuiteController } from './wecom/suite.controller.js';
import { WecomSuite } from './wecom/suite.js';
import { WecomClient } from './wecom/wecom-client.js';
import { WecomPlatform } from './wecom/wecom-platform.js';
import { WithheldNames } from './withheld-names.js';

/** Chat platforms: connections, their people, messages out and callbacks in. Global, because the engine's ports end here. */
@Global()
@Module({
  controllers: [
    ConnectionsController,
    DeliveriesController,
    WecomCallbackController,
    WecomSuiteController,
    WecomSiteFileController,
    DingtalkCallbackController,
    DingtalkSuiteController,
    ChatChoiceController,
    NamesController,
    NotifyController,
  ],
  providers: [
    ChatAccounts,
    MessageService,
    MessageStore,
    CallbackInbox,
    DeliveryLog,
    MessageRecalls,
    Notices,
    NotifyPreferences,
    SiteFiles,
    SyncRepository,
    { provide: Notifier, useExisting: MessageService },
    ChatMemberChannels,
    { provide: MemberChannels, useExisting: ChatMemberChannels },
    {
      provide: MessageFates,
      inject: [Database],
      useFactory: (database: Database) => new ChatMessageFates(database),
    },
    {
      provide: ChatGroups,
      inject: [Database, ConnectionRepository, ChatPlatforms],
      useFactory: (database: Database, connections: ConnectionRepository, platforms: ChatPlatforms) =>
        new ChatGroups({ database, connections, platforms }),
    },
    { provide: GroupChats, useExisting: ChatGroups },
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
    ...suiteProviders,
    {
      provide: Suites,
      inject: [OUTBOUND, CONFIG, SuiteTokens, SuiteTickets],
      useFactory: (http: OutboundHttp, config: Config, tokens: SuiteTokens, tickets: SuiteTickets) =>
        suitesOf(http, config, tokens, tickets),
    },
    {
      provide: WecomClient,
      inject: [OUTBOUND, TokenStore, CONFIG, Suites],
      useFactory: (http: OutboundHttp, tokens: TokenStore, config: Config, suites: Suites) => {
        const suite = suites.of('wecom');
        return new WecomClient(http, tokens, config.wecom.apiBase, suite instanceof WecomSuite ? suite : null);
      },
    },
    {
      provide: DingApi,
      inject: [OUTBOUND, TokenStore, CONFIG, Suites],
      useFactory: (http: OutboundHttp, tokens: TokenStore, config: Config, suites: Suites) => {
        const suite = suites.of('dingtalk');
        return new DingApi(http, tokens, config.dingtalk, suite instanceof DingtalkSuite ? suite : null);
      },
    },
    { provide: PressReply, inject: [Database], useFactory: (database: Database) => new PressReply(database) },
    {
      provide: ChatPlatforms,
      inject: [WecomClient, DingApi, CONFIG],
      useFactory: (wecom: WecomClient, api: DingApi, config: Config) =>
        new ChatPlatforms([
          new WecomPlatform(wecom, config.wecom),
          new DingtalkPlatform({
            api,
            people: new DingPeople(api),
            messages: new DingMessages(api),
            loginBase: config.dingtalk.loginBase,
            publicUrl: config.publicUrl,
          }),
        ]),
    },
    {
      provide: DingtalkStreams,
      inject: [Database, ConnectionRepository, CallbackInbox, PressReply, DingApi, OUTBOUND, LOGGER, CONFIG],
      useFactory: (
        database: Database,
        connections: ConnectionRepository,
        inbox: CallbackInbox,
        replies: PressReply,
        api: DingApi,
        sockets: Outbound,
        logger: Logger,
        { role }: Config,
      ) =>
        new DingtalkStreams({
          database,
          connections,
          inbox,
          replies,
          api,
          sockets,
          logger,
          enabled: role !== 'api',
          random: Math.random,
        }),
    },
    {
      provide: ChatLogin,
      inject: [ChatPlatforms, SECRETS, CONFIG],
      useFactory: (platforms: ChatPlatforms, secrets: SecretBox, config: Config) =>
        new ChatLogin(platforms, secrets, config.publicUrl),
    },
    {
      provide: LoginReturns,
      inject: [Database, ConnectionRepository, ChatPlatforms, CONFIG],
      useFactory: (database: Database, repository: ConnectionRepository, platforms: ChatPlatforms, config: Config) =>
        new LoginReturns(database, repository, platforms, config.publicUrl),
    },
    {
      provide: OrgSync,
      inject: [Database, ChatPlatforms, SyncRepository, ConnectionRepository, CLOCK],
      useFactory: (
        database: Database,
        platforms: ChatPlatforms,
        repository: SyncRepository,
        connections: ConnectionRepository,
        clock: Clock,
      ) => new OrgSync(database, platforms, repository, connections, clock),
    },
    {
      provide: AccountLinks,
      inject: [Database, ConnectionRepository, ChatAccounts, SyncRepository, OrgSync],
      useFactory: (
        database: Database,
        connections: ConnectionRepository,
        accounts: ChatAccounts,
        repository: SyncRepository,
        sync: OrgSync,
      ) => new AccountLinks({ database, connections, accounts, repository, sync }),
    },
    {
      provide: WithheldNames,
      inject: [Database, ConnectionRepository, Suites],
      useFactory: (database: Database, connections: ConnectionRepository, suites: Suites) =>
        new WithheldNames({ database, connections, suites }),
    },
    {
      provide: VisibleRanges,
      inject: [Database, ConnectionRepository, ChatPlatforms, CLOCK],
      useFactory: (database: Database, connections: ConnectionRepository, platforms: ChatPlatforms, clock: Clock) =>
        new VisibleRanges({ database, connections, platforms, clock }),
    },
    {
      provide: OrgSyncJobs,
      inject: [Database, GraphileJobs, ConnectionRepository, OrgSync, VisibleRanges, CLOCK, LOGGER, CONFIG],
      useFactory: (
        database: Database,
        jobs: GraphileJobs,
        connections: ConnectionRepository,
        sync: OrgSync,
        ranges: VisibleRanges,
        clock: Clock,
        logger: Logger,
        { role }: Config,
      ) => new OrgSyncJobs({ database, jobs, connections, sync, ranges, clock, logger, enabled: role !== 'api' }),
    },
    {
      provide: ConnectionService,
      inject: [
        Database,
        ConnectionRepository,
        MessageService,
        ChatPlatforms,
        OrgSyncJobs,
        CardActions,
        CONFIG,
        SuiteInstalls,
        SiteFiles,
        VisibleRanges,
        LoginReturns,
      ],
      useFactory: (
        database: Database,
        repository: ConnectionRepository,
        messages: MessageService,
        platforms: ChatPlatforms,
        syncs: OrgSyncJobs,
        actions: CardActions,
        config: Config,
        installs: SuiteInstalls,
        siteFiles: SiteFiles,
        ranges: VisibleRanges,
        logins: LoginReturns,
      ) => {
        const service = new ConnectionService(
          database,
          repository,
          messages,
          platforms,
          syncs,
          config.publicUrl,
          installs,
          siteFiles,
          ranges,
          logins,
        );
        actions.register(service);
        return service;
      },
    },
    {
      provide: MessageSender,
      inject: [MessageStore, NotifyPreferences, ConnectionRepository, ChatPlatforms, RATE_LIMITER, LOGGER, CONFIG],
      useFactory: (
        store: MessageStore,
        preferences: NotifyPreferences,
        connections: ConnectionRepository,
        platforms: ChatPlatforms,
        limiter: RateLimiter,
        logger: Logger,
        config: Config,
      ) =>
        new MessageSender({
          store,
          preferences,
          connections,
          platforms,
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
        ChatWords,
        TenantDirectory,
        ChatPlatforms,
        OrgSync,
        Database,
        LOGGER,
      ],
      useFactory: (
        inbox: CallbackInbox,
        connections: ConnectionRepository,
        accounts: ChatAccounts,
        messages: MessageService,
        actions: CardActions,
        words: ChatWords,
        tenants: TenantDirectory,
        platforms: ChatPlatforms,
        sync: OrgSync,
        database: Database,
        logger: Logger,
      ) =>
        new CallbackWorker({
          inbox,
          connections,
          accounts,
          messages,
          actions,
          words,
          tenants,
          platforms,
          sync,
          database,
          logger,
        }),
    },
    {
      provide: MissedPushes,
      inject: [Database, ConnectionRepository, ChatPlatforms, CallbackInbox, LOGGER, CONFIG],
      useFactory: (
        database: Database,
        connections: ConnectionRepository,
        platforms: ChatPlatforms,
        inbox: CallbackInbox,
        logger: Logger,
        { role }: Config,
      ) => new MissedPushes({ database, connections, platforms, inbox, logger, enabled: role !== 'api' }),
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
    Notices,
    ChatLogin,
    LoginReturns,
    ChatWorkers,
    ConnectionRepository,
    ConnectionService,
    OrgSyncJobs,
    ChatAccounts,
    AccountLinks,
    ChatMemberChannels,
    ChatPlatforms,
    DingtalkStreams,
    OrgSync,
    SuiteService,
    TokenStore,
    Notifier,
    MemberChannels,
    MessageFates,
    ChatGroups,
    GroupChats,
  ],
})
export class ChatModule implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly http: HttpAdapterHost) {}

  onModuleInit(): void {
    // A process without HTTP has no pushes to read.
    if (this.http.httpAdapter?.getType() === 'fastify') acceptXml(this.http.httpAdapter.getInstance<FastifyInstance>());
  }
}
