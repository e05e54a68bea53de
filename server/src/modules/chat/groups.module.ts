import { Module } from '@nestjs/common';
import { GroupsController } from './groups.controller.js';

/** Making group chats: apart from the rest of chat because flows keep their names. */
@Module({ controllers: [GroupsController] })
export class GroupsModule {}
