import { Module } from '@nestjs/common';
import { TargetFieldUses } from './target-field-uses.js';
import { TargetFigures } from './target-figures.js';
import { TargetsController } from './targets.controller.js';
import { TargetsService } from './targets.service.js';

/** 目标: what members and departments are to reach in a period, and how far they are. */
@Module({
  controllers: [TargetsController],
  providers: [TargetsService, TargetFigures, TargetFieldUses],
  exports: [TargetFigures, TargetsService],
})
export class TargetsModule {}
