import type { Provider } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { Outbound, OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { CONFIG, LOGGER, OUTBOUND, SECRETS } from '../../kernel/tokens.js';
import { CallbackInbox } from './callbacks/callback-inbox.js';
import { ConnectionRepository } from './connection.repository.js';
import { DingApi } from './dingtalk/ding-api.js';
import { DingMessages } from './dingtalk/ding-messages.js';
import { DingPeople } from './dingtalk/ding-people.js';
import { DingtalkPlatform } from './dingtalk/dingtalk-platform.js';
import { PressReply } from './dingtalk/press-reply.js';
import { DingtalkStreams } from './dingtalk/streams.js';
import { DingtalkSuite } from './dingtalk/suite.js';
import { ChatPlatforms } from './port/platforms.js';
import { Suites } from './port/suite.js';
import { SuiteTickets } from './suite/suite-tickets.js';
import { SuiteTokens } from './suite/suite-tokens.js';
import { suitesOf } from './suites-of.js';
import { TokenStore } from './token-store.js';
import { WecomSuite } from './wecom/suite.js';
import { WecomClient } from './wecom/wecom-client.js';
import { WecomPlatform } from './wecom/wecom-platform.js';

/** What speaks to the platforms: their clients, tokens, apps of the directory, and streams. */
export const platformProviders: Provider[] = [
  {
    provide: TokenStore,
    inject: [Database, SECRETS],
    useFactory: (database: Database, secrets: SecretBox) => new TokenStore(database, secrets),
  },
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
];
