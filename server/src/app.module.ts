import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessModule } from './engine/access/access.module.js';
import { PreviewGuard } from './engine/access/preview.guard.js';
import { AuditModule } from './engine/audit/audit.module.js';
import { CommentsModule } from './engine/comments/comments.module.js';
import { DuplicatesModule } from './engine/duplicates/duplicates.module.js';
import { EngineModule } from './engine/engine.module.js';
import { ExportsModule } from './engine/exports/exports.module.js';
import { FlowsModule } from './engine/flows/flows.module.js';
import { HandoverModule } from './engine/handover/handover.module.js';
import { ImportsModule } from './engine/imports/imports.module.js';
import { PoolsModule } from './engine/pools/pools.module.js';
import { PrintModule } from './engine/print/print.module.js';
import { PublicFormsModule } from './engine/public-forms/public-forms.module.js';
import { RecordLinksModule } from './engine/record-links/record-links.module.js';
import { SubscriptionsModule } from './engine/reports/subscriptions/subscriptions.module.js';
import { ShareRequestsModule } from './engine/share-requests/share-requests.module.js';
import { TargetsModule } from './engine/targets/targets.module.js';
import { TrialsModule } from './engine/trials/trials.module.js';
import { UsageModule } from './engine/usage/usage.module.js';
import { ProblemFilter } from './kernel/http/problem-filter.js';
import { SessionGuard } from './kernel/http/session-guard.js';
import { KernelModule, type KernelParts } from './kernel/kernel.module.js';
import { ChatModule } from './modules/chat/chat.module.js';
import { GroupsModule } from './modules/chat/groups.module.js';
import { SidebarModule } from './modules/chat/sidebar/sidebar.module.js';
import { DemoModule } from './modules/demo/demo.module.js';
import { IdentityModule } from './modules/identity/identity.module.js';
import { ApiKeyGuard } from './modules/openapi/api-key.guard.js';
import { OpenapiModule } from './modules/openapi/openapi.module.js';
import { MapTilesController, MapTilesService } from './modules/platform/map-tiles.js';
import { PlatformController } from './modules/platform/platform.controller.js';
import { Retention } from './modules/platform/retention/retention.js';
import { RunRetention, RunRetentionController } from './modules/platform/retention/run-retention.js';
import { WorkbenchModule } from './modules/workbench/workbench.module.js';

@Module({})
export class AppModule {
  /** The whole application on the given kernel. */
  static on(kernel: KernelParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KernelModule.with(kernel),
        EngineModule,
        FlowsModule,
        ImportsModule,
        ExportsModule,
        PrintModule,
        RecordLinksModule,
        HandoverModule,
        UsageModule,
        TrialsModule,
        SubscriptionsModule,
        CommentsModule,
        AccessModule,
        AuditModule,
        DuplicatesModule,
        ShareRequestsModule,
        PoolsModule,
        TargetsModule,
        PublicFormsModule,
        IdentityModule,
        OpenapiModule,
        ChatModule,
        SidebarModule,
        GroupsModule,
        DemoModule,
        WorkbenchModule,
      ],
      controllers: [PlatformController, RunRetentionController, MapTilesController],
      providers: [
        Retention,
        RunRetention,
        MapTilesService,
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_GUARD, useClass: ApiKeyGuard },
        { provide: APP_GUARD, useClass: PreviewGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
