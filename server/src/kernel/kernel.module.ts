import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from './clock/clock.js';
import type { Config } from './config/config.js';
import { Database } from './database/database.js';
import { GraphileJobs } from './jobs/graphile-jobs.js';
import type { Logger } from './logging/logger.js';
import type { Metrics } from './metrics/metrics.js';
import type { Outbound } from './outbound/outbound-http.js';
import type { Bus } from './redis/bus.js';
import type { RateLimiter } from './redis/rate-limiter.js';
import type { SecretBox } from './secrets/secret-box.js';
import type { FileStorage } from './storage/file-storage.js';
import { BUS, CLOCK, CONFIG, LOGGER, METRICS, OUTBOUND, RATE_LIMITER, SECRETS, STORAGE } from './tokens.js';

/** The technology a process runs on, made by `buildKernel` (or by a test) before the application. */
export interface KernelParts {
  config: Config;
  database: Database;
  clock: Clock;
  bus: Bus;
  rateLimiter: RateLimiter;
  storage: FileStorage;
  outbound: Outbound;
  secrets: SecretBox;
  logger: Logger;
  metrics: Metrics;
  jobs: GraphileJobs;
}

@Module({})
export class KernelModule {
  static with(parts: KernelParts): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: parts.config },
      { provide: Database, useValue: parts.database },
      { provide: CLOCK, useValue: parts.clock },
      { provide: BUS, useValue: parts.bus },
      { provide: RATE_LIMITER, useValue: parts.rateLimiter },
      { provide: STORAGE, useValue: parts.storage },
      { provide: OUTBOUND, useValue: parts.outbound },
      { provide: SECRETS, useValue: parts.secrets },
      { provide: LOGGER, useValue: parts.logger },
      { provide: METRICS, useValue: parts.metrics },
      { provide: GraphileJobs, useValue: parts.jobs },
    ];
    return { module: KernelModule, global: true, providers, exports: providers };
  }
}
