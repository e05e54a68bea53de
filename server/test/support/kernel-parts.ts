import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../src/kernel/clock/clock.js';
import { type Config, loadConfig } from '../../src/kernel/config/config.js';
import type { DatabaseUrls } from '../../src/kernel/database/bootstrap.js';
import { Database } from '../../src/kernel/database/database.js';
import { GraphileJobs } from '../../src/kernel/jobs/graphile-jobs.js';
import type { KernelParts } from '../../src/kernel/kernel.module.js';
import { createLogger } from '../../src/kernel/logging/logger.js';
import { createMetrics } from '../../src/kernel/metrics/metrics.js';
import { UndiciHttp } from '../../src/kernel/outbound/undici-http.js';
import { MemoryBus } from '../../src/kernel/redis/bus.js';
import { MemoryRateLimiter } from '../../src/kernel/redis/rate-limiter.js';
import { SecretBox } from '../../src/kernel/secrets/secret-box.js';
import { DiskStorage } from '../../src/kernel/storage/disk-storage.js';

/** The LIANKE_SECRET_KEY of test databases: roles are shared by the whole cluster, so all runs agree on one. */
export const testSecretKey = Buffer.alloc(32, 7).toString('base64');

/** Kernel parts on a database that stands; usable in a process of its own. The clock stands still until moved. */
export async function kernelParts(
  urls: DatabaseUrls,
  name: string,
  start: string | Date = '2026-03-04T02:00:00Z',
  options: { standstillMs?: number } = {},
): Promise<KernelParts & { clock: ManualClock }> {
  const logger = createLogger({ level: process.env.TEST_LOG ?? 'silent' });
  const database = new Database(urls, { poolSize: 8, ...options });
  await database.connect();
  const home = join(tmpdir(), 'lianke-test', name);
  return {
    config: loadConfig({ LIANKE_HOME: home, LIANKE_SECRET_KEY: testSecretKey }),
    database,
    clock: new ManualClock(start),
    bus: new MemoryBus(),
    rateLimiter: new MemoryRateLimiter(),
    storage: new DiskStorage(join(home, 'files')),
    outbound: new UndiciHttp({}),
    secrets: new SecretBox(testSecretKey),
    logger,
    metrics: createMetrics({ defaults: false }),
    jobs: new GraphileJobs({ connectionString: urls.ownerUrl, log: logger }),
  };
}

export interface SandboxPlace {
  /** Origin of the sandbox. */
  apiBase: string;
  /** Origin of the application, as the sandbox knows it. */
  publicUrl: string;
}

/** What an application needs to speak with a sandbox instead of the chat platforms. */
export function talkingTo(
  { apiBase, publicUrl }: SandboxPlace,
  config: Config,
): Pick<KernelParts, 'config' | 'outbound'> {
  return {
    config: {
      ...config,
      publicUrl,
      wecom: { apiBase, oauthBase: apiBase, loginBase: apiBase, installBase: apiBase },
      dingtalk: { apiBase, oapiBase: apiBase, loginBase: apiBase },
    },
    outbound: new UndiciHttp({ trustedHosts: [apiBase] }),
  };
}
