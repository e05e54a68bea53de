import { Module } from '@nestjs/common';
import { TrialsController } from './trials.controller.js';
import { TrialsService } from './trials.service.js';

/** 试运行 of apps. Needs the module of flows. */
@Module({ controllers: [TrialsController], providers: [TrialsService], exports: [TrialsService] })
export class TrialsModule {}
