import type { Provider } from '@nestjs/common';
import { OrgService } from '../../../engine/org/org.service.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { Notifier } from '../../../engine/ports.js';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Config } from '../../../kernel/config/config.js';
import { Database } from '../../../kernel/database/database.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import type { SecretBox } from '../../../kernel/secrets/secret-box.js';
import { CLOCK, CONFIG, LOGGER, SECRETS } from '../../../kernel/tokens.js';
import { CallbackInbox } from '../callbacks/callback-inbox.js';
import { ChatAccounts } from '../chat-accounts.js';
import { ConnectionRepository } from '../connection.repository.js';
import { SyncRepository } from '../org/sync.repository.js';
import { OrgSyncJobs } from '../org-sync-jobs.js';
import { ChatPlatforms } from '../port/platforms.js';
import { Suites } from '../port/suite.js';
import { LicenceBook } from './licence-book.js';
import { LicenceWatch } from './licence-watch.js';
import { SuiteInbox } from './suite-inbox.js';
import { SuiteInstaller } from './suite-installer.js';
import { SuiteInstalls } from './suite-installs.js';
import { SuiteService } from './suite-service.js';
import { SuiteTickets } from './suite-tickets.js';
import { SuiteTokens } from './suite-tokens.js';
import { SuiteWorker } from './suite-worker.js';

/** Everything about apps of directories that no platform is needed for. {@link Suites} is put together by the module. */
export const suiteProviders: Provider[] = [
  SuiteInstalls,
  {
    provide: SuiteTokens,
    inject: [Database, SECRETS],
    useFactory: (database: Database, secrets: SecretBox) => new SuiteTokens(database, secrets),
  },
  {
    provide: SuiteTickets,
    inject: [Database, SECRETS],
    useFactory: (database: Database, secrets: SecretBox) => new SuiteTickets(database, secrets),
  },
  {
    provide: SuiteInbox,
    inject: [Database, SECRETS],
    useFactory: (database: Database, secrets: SecretBox) => new SuiteInbox(database, secrets),
  },
  {
    provide: LicenceBook,
    inject: [Database, ChatPlatforms],
    useFactory: (database: Database, platforms: ChatPlatforms) => new LicenceBook(database, platforms),
  },
  {
    provide: LicenceWatch,
    inject: [
      Database,
      Suites,
      SuiteInstalls,
      ConnectionRepository,
      LicenceBook,
      TenantDirectory,
      Notifier,
      CLOCK,
      LOGGER,
    ],
    useFactory: (
      database: Database,
      suites: Suites,
      installs: SuiteInstalls,
      connections: ConnectionRepository,
      licences: LicenceBook,
      tenants: TenantDirectory,
      notifier: Notifier,
      clock: Clock,
      logger: Logger,
    ) => new LicenceWatch({ database, suites, installs, connections, licences, tenants, notifier, clock, logger }),
  },
  {
    provide: SuiteInstaller,
    inject: [
      Database,
      OrgService,
      SuiteInstalls,
      ConnectionRepository,
      ChatAccounts,
      SyncRepository,
      ChatPlatforms,
      OrgSyncJobs,
      CLOCK,
    ],
    useFactory: (
      database: Database,
      org: OrgService,
      installs: SuiteInstalls,
      connections: ConnectionRepository,
      accounts: ChatAccounts,
      repository: SyncRepository,
      platforms: ChatPlatforms,
      syncs: OrgSyncJobs,
      clock: Clock,
    ) => new SuiteInstaller({ database, org, installs, connections, accounts, repository, platforms, syncs, clock }),
  },
  {
    provide: SuiteWorker,
    inject: [Suites, SuiteInbox, SuiteInstaller, SuiteInstalls, LicenceBook, LicenceWatch, LOGGER],
    useFactory: (
      suites: Suites,
      inbox: SuiteInbox,
      installer: SuiteInstaller,
      installs: SuiteInstalls,
      licences: LicenceBook,
      watch: LicenceWatch,
      logger: Logger,
    ) => new SuiteWorker({ suites, inbox, installer, installs, licences, watch, logger }),
  },
  {
    provide: SuiteService,
    inject: [
      Suites,
      SuiteTickets,
      SuiteInstalls,
      SuiteInbox,
      SuiteWorker,
      LicenceWatch,
      CallbackInbox,
      ConnectionRepository,
      LOGGER,
      CONFIG,
    ],
    useFactory: (
      suites: Suites,
      tickets: SuiteTickets,
      installs: SuiteInstalls,
      inbox: SuiteInbox,
      worker: SuiteWorker,
      watch: LicenceWatch,
      callbacks: CallbackInbox,
      connections: ConnectionRepository,
      logger: Logger,
      { role }: Config,
    ) =>
      new SuiteService({
        suites,
        tickets,
        installs,
        inbox,
        worker,
        watch,
        callbacks,
        connections,
        logger,
        enabled: role !== 'api',
      }),
  },
];
