import { Module } from '@nestjs/common';
import { PrintFieldUses } from './print-field-uses.js';
import { PrintRecords } from './print-records.js';
import { PrintTemplatesService } from './print-templates.service.js';
import { PrintsController } from './prints.controller.js';
import { PrintsService } from './prints.service.js';
import { RecordLinkController } from './record-link.controller.js';

/** Records and approvals on paper. Needs the module of flows. */
@Module({
  controllers: [PrintsController, RecordLinkController],
  providers: [PrintTemplatesService, PrintRecords, PrintsService, PrintFieldUses],
  exports: [PrintTemplatesService, PrintsService],
})
export class PrintModule {}
