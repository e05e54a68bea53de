import { Module } from '@nestjs/common';
import { ImportFieldUses } from './import-field-uses.js';
import { ImportJobs } from './import-jobs.js';
import { ImportsController } from './imports.controller.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';
import { ImportPlanner } from './plan/import-planner.js';
import { MappingsRepository } from './plan/mappings.repository.js';
import { ImportPictures } from './run/import-pictures.js';
import { ImportRunner } from './run/import-runner.js';
import { ImportFiles } from './workbook/import-files.js';

@Module({
  controllers: [ImportsController],
  providers: [
    ImportsRepository,
    ImportFiles,
    ImportPlanner,
    MappingsRepository,
    ImportPictures,
    ImportRunner,
    ImportJobs,
    ImportsService,
    ImportFieldUses,
  ],
  exports: [ImportsService, ImportRunner],
})
export class ImportsModule {}
