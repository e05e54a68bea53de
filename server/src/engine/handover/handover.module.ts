import { Module } from '@nestjs/common';
import { HandedConfigs } from './handed-configs.js';
import { HandedDepartments } from './handed-departments.js';
import { HandedFlows } from './handed-flows.js';
import { HandedRecords } from './handed-records.js';
import { HandedSubscriptions } from './handed-subscriptions.js';
import { HandoversController } from './handovers.controller.js';
import { LeaverHandovers } from './handovers.service.js';

/** 离职交接. Needs the module of flows. */
@Module({
  controllers: [HandoversController],
  providers: [HandedConfigs, HandedDepartments, HandedFlows, HandedRecords, HandedSubscriptions, LeaverHandovers],
  exports: [LeaverHandovers],
})
export class HandoverModule {}
