import { Module } from '@nestjs/common';
import { MetricFigures } from './metric-figures.js';
import { TargetFieldUses } from './target-field-uses.js';
import { TargetFigures } from './target-figures.js';
import { TargetsController } from './targets.controller.js';
import { TargetsService } from './targets.service.js';

/** 目标: what members and departments are to reach in a period, and how far they are. */
@Module({
  controllers: [TargetsController],
  providers: [TargetsService, TargetFigures, MetricFigures, TargetFieldUses],
  exports: [TargetFigures, TargetsService],
})
export class TargetsModule {}
