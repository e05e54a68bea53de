import { Module } from '@nestjs/common';
import { ImportJobs } from './import-jobs.js';
import { ImportsController } from './imports.controller.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';
import { ImportPlanner } from './plan/import-planner.js';
import { ImportRunner } from './run/import-runner.js';
import { ImportFiles } from './workbook/import-files.js';

@Module({
  controllers: [ImportsController],
  providers: [ImportsRepository, ImportFiles, ImportPlanner, ImportRunner, ImportJobs, ImportsService],
  exports: [ImportsService, ImportRunner],
})
export class ImportsModule {}
