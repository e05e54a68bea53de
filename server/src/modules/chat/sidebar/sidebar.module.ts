import { Module } from '@nestjs/common';
import { AccessService } from '../../../engine/access/access.service.js';
import { RecordReader } from '../../../engine/records/record-reader.js';
import type { Config } from '../../../kernel/config/config.js';
import { Database } from '../../../kernel/database/database.js';
import type { RateLimiter } from '../../../kernel/redis/rate-limiter.js';
import { CONFIG, RATE_LIMITER } from '../../../kernel/tokens.js';
import { ConnectionRepository } from '../connection.repository.js';
import { ChatPlatforms } from '../port/platforms.js';
import { CustomerMatch } from './customer-match.js';
import { ExternalLinks } from './external-links.js';
import { PageSigner } from './page-signer.js';
import { RecordChats } from './record-chats.js';
import { SidebarController } from './sidebar.controller.js';
import { SidebarService } from './sidebar.service.js';
import { SidebarFormFinder } from './sidebar-forms.js';
import { SidebarSetupService } from './sidebar-setup.js';

/** Pages inside the chat client: signed, and beside a chat with the customer. The one part of chat that reads records. */
@Module({
  controllers: [SidebarController],
  providers: [
    ExternalLinks,
    CustomerMatch,
    SidebarFormFinder,
    {
      provide: SidebarService,
      inject: [
        Database,
        ConnectionRepository,
        ChatPlatforms,
        AccessService,
        RecordReader,
        SidebarFormFinder,
        CustomerMatch,
        ExternalLinks,
        RATE_LIMITER,
      ],
      useFactory: (
        database: Database,
        connections: ConnectionRepository,
        platforms: ChatPlatforms,
        access: AccessService,
        reader: RecordReader,
        finder: SidebarFormFinder,
        match: CustomerMatch,
        links: ExternalLinks,
        limiter: RateLimiter,
      ) => new SidebarService({ database, connections, platforms, access, reader, finder, match, links, limiter }),
    },
    {
      provide: SidebarSetupService,
      inject: [Database, ConnectionRepository, ChatPlatforms, SidebarFormFinder, CONFIG],
      useFactory: (
        database: Database,
        connections: ConnectionRepository,
        platforms: ChatPlatforms,
        finder: SidebarFormFinder,
        { publicUrl }: Config,
      ) => new SidebarSetupService({ database, connections, platforms, finder, publicUrl }),
    },
    {
      provide: RecordChats,
      inject: [Database, ConnectionRepository, ChatPlatforms, RecordReader, ExternalLinks, RATE_LIMITER],
      useFactory: (
        database: Database,
        connections: ConnectionRepository,
        platforms: ChatPlatforms,
        reader: RecordReader,
        links: ExternalLinks,
        limiter: RateLimiter,
      ) => new RecordChats({ database, connections, platforms, reader, links, limiter }),
    },
    {
      provide: PageSigner,
      inject: [ConnectionRepository, ChatPlatforms, CONFIG],
      useFactory: (connections: ConnectionRepository, platforms: ChatPlatforms, { publicUrl }: Config) =>
        new PageSigner({ connections, platforms, publicUrl }),
    },
  ],
})
export class SidebarModule {}
