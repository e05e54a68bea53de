import { Module } from '@nestjs/common';
import { PublicFormsModule } from '../public-forms/public-forms.module.js';
import { RecordLinksController } from './record-links.controller.js';
import { RecordLinksService } from './record-links.service.js';
import { SharedVisitsService } from './shared-visits.service.js';

/** Links by which people outside the company see one record. */
@Module({
  imports: [PublicFormsModule],
  controllers: [RecordLinksController],
  providers: [RecordLinksService, SharedVisitsService],
  exports: [RecordLinksService, SharedVisitsService],
})
export class RecordLinksModule {}
