import { Module } from '@nestjs/common';
import { PicturesController } from './pictures.controller.js';
import { ReportPictures } from './report-pictures.js';
import { ReportSender } from './report-sender.js';
import { SubscriptionRunner } from './subscription-runner.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Dashboards sent as pictures at set times. Needs flows for the robots of groups, and a `Notifier`. */
@Module({
  controllers: [SubscriptionsController, PicturesController],
  providers: [ReportPictures, ReportSender, SubscriptionRunner, SubscriptionsService],
  exports: [SubscriptionRunner, SubscriptionsService],
})
export class SubscriptionsModule {}
