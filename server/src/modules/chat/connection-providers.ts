import type { Provider } from '@nestjs/common';
import { CardActions } from '../../engine/ports.js';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { GraphileJobs } from '../../kernel/jobs/graphile-jobs.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { CLOCK, CONFIG, LOGGER, SECRETS } from '../../kernel/tokens.js';
import { AccountLinks } from './account-links.js';
import { ChatAccounts } from './chat-accounts.js';
import { ChatLogin } from './chat-login.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import { ConnectionViews } from './connection-views.js';
import { LoginReturns } from './login-returns.js';
import { MessageService } from './message.service.js';
import { OrgSync } from './org/org-sync.js';
import { SyncRepository } from './org/sync.repository.js';
import { OrgSyncJobs } from './org-sync-jobs.js';
import { ChatPlatforms } from './port/platforms.js';
import { Suites } from './port/suite.js';
import { SiteFiles } from './site-files.js';
import { SuiteInstalls } from './suite/suite-installs.js';
import { VisibleRanges } from './visible-ranges.js';
import { WithheldNames } from './withheld-names.js';

/** Connections with the platforms: log-in, people, checks. */
export const connectionProviders: Provider[] = [
  ChatAccounts,
  SiteFiles,
  SyncRepository,
  {
    provide: ConnectionRepository,
    inject: [Database, SECRETS],
    useFactory: (database: Database, secrets: SecretBox) => new ConnectionRepository(database, secrets),
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
    provide: ConnectionViews,
    inject: [Database, ChatPlatforms, SuiteInstalls, SiteFiles, VisibleRanges, LoginReturns, CONFIG],
    useFactory: (
      database: Database,
      platforms: ChatPlatforms,
      installs: SuiteInstalls,
      siteFiles: SiteFiles,
      ranges: VisibleRanges,
      logins: LoginReturns,
      { publicUrl }: Config,
    ) => new ConnectionViews(database, platforms, installs, siteFiles, ranges, logins, publicUrl),
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
      SiteFiles,
      ConnectionViews,
    ],
    useFactory: (
      database: Database,
      repository: ConnectionRepository,
      messages: MessageService,
      platforms: ChatPlatforms,
      syncs: OrgSyncJobs,
      actions: CardActions,
      siteFiles: SiteFiles,
      views: ConnectionViews,
    ) => {
      const service = new ConnectionService(database, repository, messages, platforms, syncs, siteFiles, views);
      actions.register(service);
      return service;
    },
  },
];
