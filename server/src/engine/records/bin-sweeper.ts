import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import { BinService } from './bin.service.js';

const everyMs = 3_600_000;

/** Empties the recycle bins by the hour. */
@Injectable()
export class BinSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    bin: BinService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Loop(
      'recycle bin',
      async () => {
        await bin.sweep();
        return false;
      },
      everyMs,
      logger,
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
