import { Module } from '@nestjs/common';
import { AccessController } from './access.controller.js';
import { AppAccessService } from './app-access.service.js';
import { PreviewService } from './preview.service.js';
import { SharesService } from './shares.service.js';
import { UnmaskService } from './unmask.service.js';

const services = [SharesService, UnmaskService, PreviewService, AppAccessService];

/** Shares, unmasking, explanations and previews. Needs a `Notifier`. */
@Module({ controllers: [AccessController], providers: services, exports: services })
export class AccessModule {}
