import type { Provider } from '@nestjs/common';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { CardActions, ChatWords, GroupChats, MemberChannels, MessageFates, Notifier } from '../../engine/ports.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { Bus } from '../../kernel/redis/bus.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { BUS, CONFIG, LOGGER, RATE_LIMITER } from '../../kernel/tokens.js';
import { CallbackInbox } from './callbacks/callback-inbox.js';
import { CallbackWorker } from './callbacks/callback-worker.js';
import { MissedPushes } from './callbacks/missed-pushes.js';
import { ChatAccounts } from './chat-accounts.js';
import { ChatWorkers } from './chat-workers.js';
import { ConnectionRepository } from './connection.repository.js';
import { DeliveryLog } from './delivery-log.js';
import { ChatGroups } from './group-chats.js';
import { ChatMemberChannels } from './member-channels.js';
import { MessageService } from './message.service.js';
import { ChatMessageFates } from './message-fates.js';
import { MessageRecalls } from './message-recalls.js';
import { MessageSender } from './message-sender.js';
import { MessageStore } from './message-store.js';
import { Notices } from './notices.js';
import { NotifyPreferences } from './notify-preferences.js';
import { OrgSync } from './org/org-sync.js';
import { ChatPlatforms } from './port/platforms.js';

/** Messages out, callbacks in, and the workers of both. */
export const messageProviders: Provider[] = [
  MessageService,
  MessageStore,
  CallbackInbox,
  DeliveryLog,
  MessageRecalls,
  Notices,
  NotifyPreferences,
  { provide: Notifier, useExisting: MessageService },
  ChatMemberChannels,
  { provide: MemberChannels, useExisting: ChatMemberChannels },
  { provide: GroupChats, useExisting: ChatGroups },
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
];
