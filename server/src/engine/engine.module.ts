import { Global, Module } from '@nestjs/common';
import { AccessService } from './access/access.service.js';
import { AccessRuleBook } from './access/app-access.js';
import { ExplainService } from './access/explain.service.js';
import { AppsController } from './apps/apps.controller.js';
import { AppsService } from './apps/apps.service.js';
import { PackagePlanner } from './apps/package/package-planner.js';
import { PackagePreviews } from './apps/package/package-previews.js';
import { PackagesController } from './apps/package/packages.controller.js';
import { PackagesService } from './apps/package/packages.service.js';
import { SampleRows } from './apps/package/sample-rows.js';
import { PackageInstaller } from './apps/package-installer.js';
import { DerivedBuildWorker } from './derived/build.worker.js';
import { DerivedFields } from './derived/derived-fields.js';
import { FormulaTrials } from './derived/formula-trials.js';
import { RecomputeWorker } from './derived/recompute.worker.js';
import { RecomputeScope } from './derived/recompute-scope.js';
import { RecordCompanions } from './duplicates/companions.js';
import { FilesController } from './files/files.controller.js';
import { FilesService } from './files/files.service.js';
import { FormBin } from './forms/bin/form-bin.service.js';
import { ConversionWorker } from './forms/conversion/conversion.worker.js';
import { ConversionPlans } from './forms/conversion/conversion-plans.js';
import { ConversionsService } from './forms/conversion/conversions.service.js';
import { FormCopies } from './forms/form-copies.service.js';
import { FormDesignController } from './forms/form-design.controller.js';
import { FormRegistry } from './forms/form-registry.js';
import { FormSets } from './forms/form-set.js';
import { FormsController } from './forms/forms.controller.js';
import { FormsService } from './forms/forms.service.js';
import { TenantSchema } from './forms/tenant-schema.js';
import { FieldFill } from './forms/uses/field-fill.service.js';
import { FieldUses } from './forms/uses/field-uses.service.js';
import { FormDraftsService } from './forms/versions/form-drafts.service.js';
import { FormVersionsService } from './forms/versions/form-versions.service.js';
import { ViewsService } from './forms/views.service.js';
import { FormChanges } from './live/form-changes.js';
import { LiveController } from './live/live.controller.js';
import { TaskChanges } from './live/task-changes.js';
import { OrgController } from './org/org.controller.js';
import { OrgService } from './org/org.service.js';
import { OrgDirectory } from './org/org-directory.js';
import { TenantDirectory } from './org/tenant-directory.js';
import { CardActions, ChatWords } from './ports.js';
import { ApprovalsAlong } from './records/approvals-along.js';
import { Autonumbers } from './records/autonumbers.js';
import { BinService } from './records/bin.service.js';
import { BinSweeper } from './records/bin-sweeper.js';
import { BulkService } from './records/bulk/bulk.service.js';
import { BulkLog } from './records/bulk/bulk-log.js';
import { Conflicts } from './records/conflicts.js';
import { DeletePreviews } from './records/delete-preview.js';
import { GramFrequencies } from './records/gram-frequencies.js';
import { IndexDemand } from './records/indexes/index-demand.js';
import { IndexKeeper } from './records/indexes/index-keeper.js';
import { LinkedService } from './records/linked/linked.service.js';
import { NearbyService } from './records/nearby.service.js';
import { PlacesService } from './records/places.service.js';
import { RecordLookup } from './records/record-lookup.js';
import { RecordReader } from './records/record-reader.js';
import { RecordWriter } from './records/record-writer.js';
import { RecordsController } from './records/records.controller.js';
import { RecordsService } from './records/records.service.js';
import { RevertService } from './records/revert.service.js';
import { ScopeBuilder } from './records/scope-builder.js';
import { TransferService } from './records/transfer.service.js';
import { UndoService } from './records/undo.service.js';
import { DashboardDraftsService } from './reports/dashboard-drafts.service.js';
import { DashboardsController } from './reports/dashboards.controller.js';
import { DashboardsService } from './reports/dashboards.service.js';
import { MetricTargets } from './reports/metric-targets.js';
import { WidgetCache } from './reports/widget-cache.js';
import { ShortcutsController } from './shortcuts/shortcuts.controller.js';
import { ShortcutsService } from './shortcuts/shortcuts.service.js';

const services = [
  TenantDirectory,
  OrgDirectory,
  OrgService,
  TenantSchema,
  FormRegistry,
  AccessRuleBook,
  AccessService,
  FormsService,
  FormSets,
  FormCopies,
  FormVersionsService,
  FormBin,
  LinkedService,
  FormDraftsService,
  FieldUses,
  FieldFill,
  ConversionPlans,
  ConversionsService,
  ConversionWorker,
  ViewsService,
  ScopeBuilder,
  ExplainService,
  Autonumbers,
  FormChanges,
  TaskChanges,
  RecordLookup,
  IndexDemand,
  IndexKeeper,
  GramFrequencies,
  NearbyService,
  PlacesService,
  RecordReader,
  RecordWriter,
  RecordsService,
  UndoService,
  BinService,
  BinSweeper,
  TransferService,
  BulkLog,
  ApprovalsAlong,
  BulkService,
  Conflicts,
  DeletePreviews,
  RevertService,
  ShortcutsService,
  RecomputeScope,
  RecomputeWorker,
  DerivedFields,
  FormulaTrials,
  DerivedBuildWorker,
  AppsService,
  PackagePlanner,
  PackageInstaller,
  PackagePreviews,
  SampleRows,
  PackagesService,
  FilesService,
  WidgetCache,
  MetricTargets,
  DashboardsService,
  DashboardDraftsService,
  CardActions,
  ChatWords,
  RecordCompanions,
];

/** What a tenant without chat and without CRM still needs, but imports and flows, which have modules of their own. */
@Global()
@Module({
  controllers: [
    AppsController,
    PackagesController,
    FormsController,
    FormDesignController,
    RecordsController,
    OrgController,
    FilesController,
    DashboardsController,
    LiveController,
    ShortcutsController,
  ],
  providers: services,
  exports: services,
})
export class EngineModule {}
