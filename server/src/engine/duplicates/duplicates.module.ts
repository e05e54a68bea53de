import { Module } from '@nestjs/common';
import { DuplicateBuilder } from './duplicate-builder.js';
import { DuplicateFinder } from './duplicate-finder.js';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { DuplicatesController } from './duplicates.controller.js';
import { MergeService } from './merge.service.js';

/** Rules about repeated records, the warning while typing, and merging. */
@Module({
  controllers: [DuplicatesController],
  providers: [DuplicateBuilder, DuplicateFinder, DuplicateRulesService, MergeService],
  exports: [DuplicateBuilder, DuplicateFinder, DuplicateRulesService, MergeService],
})
export class DuplicatesModule {}
