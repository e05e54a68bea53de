import { Global, Module } from '@nestjs/common';
import { CardActions } from './ports.js';

/** Registries through which modules extend the engine. */
@Global()
@Module({ providers: [CardActions], exports: [CardActions] })
export class PortsModule {}
