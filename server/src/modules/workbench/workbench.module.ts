import { Module } from '@nestjs/common';
import { TargetsModule } from '../../engine/targets/targets.module.js';
import { WorkbenchController } from './workbench.controller.js';

/** The phone's first screen, which shows something of nearly everything. */
@Module({ imports: [TargetsModule], controllers: [WorkbenchController] })
export class WorkbenchModule {}
