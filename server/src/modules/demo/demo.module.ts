import { Module } from '@nestjs/common';
import { ImportsModule } from '../../engine/imports/imports.module.js';
import { PoolsModule } from '../../engine/pools/pools.module.js';
import { TargetsModule } from '../../engine/targets/targets.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { DemoController } from './demo.controller.js';
import { DemoDingtalkSeed } from './demo-dingtalk.js';
import { DemoPool } from './demo-pool.js';
import { DemoProgress } from './demo-progress.js';
import { DemoReset } from './demo-reset.js';
import { DemoSeed } from './demo-seed.js';
import { DemoTargets } from './demo-targets.js';

/** The first tenant, and the demonstration with the sandbox. */
@Module({
  imports: [ImportsModule, PoolsModule, TargetsModule, ChatModule, IdentityModule],
  controllers: [DemoController],
  providers: [DemoSeed, DemoPool, DemoTargets, DemoDingtalkSeed, DemoProgress, DemoReset],
})
export class DemoModule {}
