import { Module } from '@nestjs/common';
import { OwnerWriter } from './owner-writer.js';
import { PoolFieldUses } from './pool-field-uses.js';
import { PoolMovesService } from './pool-moves.service.js';
import { PoolNotices } from './pool-notices.js';
import { PoolReturner } from './pool-returner.js';
import { PoolSettingsService } from './pool-settings.service.js';
import { PoolStanding } from './pool-standing.js';
import { PoolSweeper } from './pool-sweeper.js';
import { PoolsController } from './pools.controller.js';
import { PoolsService } from './pools.service.js';

/** 公海: records that nobody owns, to be claimed, and owned ones that come back. */
@Module({
  controllers: [PoolsController],
  providers: [
    PoolsService,
    PoolSettingsService,
    PoolMovesService,
    PoolStanding,
    PoolNotices,
    PoolReturner,
    PoolSweeper,
    OwnerWriter,
    PoolFieldUses,
  ],
  exports: [PoolSettingsService],
})
export class PoolsModule {}
