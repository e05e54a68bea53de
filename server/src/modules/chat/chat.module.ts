import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { GroupChats, MemberChannels, MessageFates, Notifier } from '../../engine/ports.js';
import { AccountLinks } from './account-links.js';
import { ChatAccounts } from './chat-accounts.js';
import { ChatLogin } from './chat-login.js';
import { ChatWorkers } from './chat-workers.js';
import { ChatChoiceController } from './choice.controller.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import { connectionProviders } from './connection-providers.js';
import { ConnectionsController } from './connections.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DingtalkCallbackController } from './dingtalk/callback.controller.js';
import { DingtalkStreams } from './dingtalk/streams.js';
import { DingtalkSuiteController } from './dingtalk/suite.controller.js';
import { ChatGroups } from './group-chats.js';
import { LoginReturns } from './login-returns.js';
import { ChatMemberChannels } from './member-channels.js';
import { messageProviders } from './message-providers.js';
import { NamesController } from './names.controller.js';
import { Notices } from './notices.js';
import { NotifyController } from './notify.controller.js';
import { OrgSync } from './org/org-sync.js';
import { OrgSyncJobs } from './org-sync-jobs.js';
import { platformProviders } from './platform-providers.js';
import { ChatPlatforms } from './port/platforms.js';
import { suiteProviders } from './suite/suite-providers.js';
import { SuiteService } from './suite/suite-service.js';
import { TokenStore } from './token-store.js';
import { acceptXml } from './wecom/accept-xml.js';
import { WecomCallbackController } from './wecom/callback.controller.js';
import { WecomSiteFileController } from './wecom/site-file.controller.js';
import { WecomSuiteController } from './wecom/suite.controller.js';

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
  providers: [...platformProviders, ...suiteProviders, ...connectionProviders, ...messageProviders],
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
