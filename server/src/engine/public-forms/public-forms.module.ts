import { Module } from '@nestjs/common';
import { InvitesService } from './invites.service.js';
import { PublicFieldUses } from './public-field-uses.js';
import { PublicFormsController } from './public-forms.controller.js';
import { PublicFormsService } from './public-forms.service.js';
import { PublicSeal } from './seal.js';
import { VisitDoor } from './visit-door.js';
import { VisitorFiles } from './visitor-files.js';
import { VisitsService } from './visits.service.js';

/** Links by which people outside the company fill in a form. */
@Module({
  controllers: [PublicFormsController],
  providers: [PublicFormsService, InvitesService, VisitsService, VisitDoor, VisitorFiles, PublicSeal, PublicFieldUses],
  exports: [PublicFormsService, VisitsService, PublicSeal],
})
export class PublicFormsModule {}
