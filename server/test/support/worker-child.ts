import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EngineModule } from '../../src/engine/engine.module.js';
import { FlowsModule } from '../../src/engine/flows/flows.module.js';
import { MemberChannels, Notifier } from '../../src/engine/ports.js';
import { SessionResolver } from '../../src/kernel/http/session-resolver.js';
import { KernelModule } from '../../src/kernel/kernel.module.js';
import { MessageService } from '../../src/modules/chat/message.service.js';
import { kernelParts } from './kernel-parts.js';

/** Engine and outbox without a chat platform; what the crash test's processes are made of. */
@Module({
  providers: [
    MessageService,
    { provide: Notifier, useExisting: MessageService },
    { provide: MemberChannels, useValue: { of: async () => new Map() } },
    { provide: SessionResolver, useValue: { resolve: async () => null } },
  ],
  exports: [Notifier, MemberChannels, SessionResolver],
})
class PortsModule {}

@Module({})
class WorkerModule {}

// A worker process for the crash test: dispatches events and carries runs on until it is killed.
const [ownerUrl = '', appUrl = '', systemUrl = '', name = ''] = process.argv.slice(2);
const kernel = await kernelParts({ ownerUrl, appUrl, systemUrl }, name);
await NestFactory.createApplicationContext(
  {
    module: WorkerModule,
    imports: [
      KernelModule.with({ ...kernel, config: { ...kernel.config, role: 'worker' } }),
      { module: PortsModule, global: true },
      EngineModule,
      FlowsModule,
    ],
  },
  { logger: false, abortOnError: false },
).then((app) => app.init());
console.log('running');
