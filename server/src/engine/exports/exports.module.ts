import { Module } from '@nestjs/common';
import { ExportJobs } from './export-jobs.js';
import { ExportRunner } from './export-runner.js';
import { ExportsController } from './exports.controller.js';
import { ExportsRepository } from './exports.repository.js';
import { ExportsService } from './exports.service.js';

/** Files made of records. Needs a `Notifier`. */
@Module({
  controllers: [ExportsController],
  providers: [ExportsRepository, ExportRunner, ExportJobs, ExportsService],
  exports: [ExportsService, ExportRunner],
})
export class ExportsModule {}
