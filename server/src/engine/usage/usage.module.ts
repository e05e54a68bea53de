import { Module } from '@nestjs/common';
import { UsageController } from './usage.controller.js';
import { UsageService } from './usage.service.js';
import { UsageCounter } from './usage-counter.js';

/** Who uses the system, by person and week. */
@Module({
  controllers: [UsageController],
  providers: [UsageCounter, UsageService],
  exports: [UsageCounter, UsageService],
})
export class UsageModule {}
