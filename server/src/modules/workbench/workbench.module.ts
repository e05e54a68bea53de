import { Module } from '@nestjs/common';
import { WorkbenchController } from './workbench.controller.js';

/** The phone's first screen, which shows something of nearly everything. */
@Module({ controllers: [WorkbenchController] })
export class WorkbenchModule {}
