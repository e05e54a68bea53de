import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { ShareRequestActions } from './share-request-actions.js';
import { ShareRequestMoves } from './share-request-moves.js';
import { ShareRequestsController } from './share-requests.controller.js';
import { ShareRequestsService } from './share-requests.service.js';

/** 申请查看: whoever finds out that a record exists asks its owner to share it. */
@Module({
  imports: [AccessModule, DuplicatesModule],
  controllers: [ShareRequestsController],
  providers: [ShareRequestsService, ShareRequestActions, ShareRequestMoves],
})
export class ShareRequestsModule {}
