import { join } from 'node:path';
import { type Clock, ShiftedClock, systemClock } from './clock/clock.js';
import type { Config } from './config/config.js';
import { StartupError } from './config/startup-error.js';
import { bootstrapDatabase, DatabaseRefused, type DatabaseUrls, rolePassword, withRole } from './database/bootstrap.js';
import { Database } from './database/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
import { GraphileJobs } from './jobs/graphile-jobs.js';
import type { KernelParts } from './kernel.module.js';
import type { Logger } from './logging/logger.js';
import { createMetrics } from './metrics/metrics.js';
import { UndiciHttp } from './outbound/undici-http.js';
import { MemoryBus } from './redis/bus.js';
import { connectRedis } from './redis/connect.js';
import { MemoryRateLimiter } from './redis/rate-limiter.js';
import { RedisBus } from './redis/redis-bus.js';
import { RedisRateLimiter } from './redis/redis-rate-limiter.js';
import { SecretBox } from './secrets/secret-box.js';
import { DiskStorage } from './storage/disk-storage.js';
import { checkFileStore } from './storage/file-store.js';
import { S3Storage } from './storage/s3-storage.js';

export interface Kernel extends KernelParts {
  /** Stops everything this made, the embedded database last. */
  close(): Promise<void>;
}

/**
 * Starts what a process runs on: the embedded database unless DATABASE_URL is set, migrations, Redis or its twin.
 * @throws StartupError with one clear line
 */
export async function buildKernel(config: Config, logger: Logger): Promise<Kernel> {
  const log = { info: (line: string) => logger.info(line), warn: (line: string) => logger.warn(line) };
  const embedded = config.database ? undefined : await startEmbeddedPostgres({ home: config.home, log });
  // Without its database the process is of no use; whoever started it starts it again.
  void embedded?.died.then((reason) => {
    logger.fatal({ reason }, 'the embedded database ended');
    process.exit(1);
  });
  try {
    return await assemble(config, logger, embedded);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

async function assemble(config: Config, logger: Logger, embedded: EmbeddedPostgres | undefined): Promise<Kernel> {
  const secrets = new SecretBox(config.secretKey);
  const urls = await databaseUrls(config, embedded);
  const database = new Database(urls);
  await database.connect();
  try {
    await checkSecret(database, secrets);
    if (config.database && !config.s3) await checkFileStore(database, join(config.home, 'files'));
  } catch (error) {
    await database.close();
    throw error;
  }
  const onError = (error: unknown) => logger.warn({ err: error }, 'redis');
  const redis = config.redisUrl ? await connectRedis(config.redisUrl, onError) : undefined;
  // The demonstration's 快进 shifts business time for everybody on this server.
  const clock: Clock = config.sandbox ? new ShiftedClock(systemClock) : systemClock;
  const bus = redis ? new RedisBus(redis, 'lianke:', onError) : new MemoryBus(onError);
  const jobs = new GraphileJobs({ connectionString: urls.ownerUrl, log: logger });
  return {
    config,
    database,
    clock,
    bus,
    rateLimiter: redis ? new RedisRateLimiter(redis, 'lianke:', onError) : new MemoryRateLimiter(),
    storage: config.s3
      ? new S3Storage(config.s3, new DiskStorage(join(config.home, 'spool')))
      : new DiskStorage(join(config.home, 'files')),
    outbound: new UndiciHttp({
      proxy: config.outboundProxy,
      inner: config.outboundPrivate,
      trustedHosts: [config.wecom.apiBase, config.dingtalk.apiBase, config.dingtalk.oapiBase],
    }),
    secrets,
    logger,
    metrics: createMetrics(),
    jobs,
    close: async () => {
      await jobs.stop().catch(() => undefined);
      await bus.close();
      redis?.disconnect();
      await database.close();
      await embedded?.stop();
    },
  };
}

/**
 * Roles and migrations. With DATABASE_DIRECT_URL the direct connection bootstraps, and serving goes through
 * DATABASE_URL's host (a pooler, perhaps) under the serving roles.
 */
async function databaseUrls(config: Config, embedded: EmbeddedPostgres | undefined): Promise<DatabaseUrls> {
  const adminUrl = embedded?.adminUrl ?? config.database?.directUrl ?? '';
  const shown = embedded ? 'embedded database' : new URL(adminUrl).host;
  try {
    const direct = await bootstrapDatabase({ adminUrl, secretKey: config.secretKey });
    if (!config.database || config.database.url === config.database.directUrl) return direct;
    const pooled = (role: 'lianke_app' | 'lianke_system') =>
      withRole(config.database?.url ?? '', role, rolePassword(config.secretKey, role));
    return {
      ownerUrl: direct.ownerUrl,
      appUrl: pooled('lianke_app'),
      systemUrl: pooled('lianke_system'),
      pooled: true,
    };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const reason = error instanceof Error ? error.message || String((error as { code?: string }).code) : String(error);
    if (error instanceof DatabaseRefused)
      throw new StartupError(
        `数据库（${shown}）不能使用：${reason}`,
        `the database (${shown}) cannot be used: ${reason}`,
      );
    const pgCode = (error as { code?: string }).code ?? '';
    if (/^(28|3D|08|ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/.test(pgCode))
      throw new StartupError(
        `连接不上 DATABASE_URL（${shown}）：${reason}`,
        `cannot connect to DATABASE_URL (${shown}): ${reason}`,
      );
    throw error;
  }
}

/** Another LIANKE_SECRET_KEY than the one the database was made with could not read a single stored secret. */
async function checkSecret(database: Database, secrets: SecretBox): Promise<void> {
  const [row] = await database.control<{ value: string }>('SELECT lianke.secret_check($1) AS value', [secrets.keyId]);
  if (row?.value !== secrets.keyId)
    throw new StartupError(
      'LIANKE_SECRET_KEY 与这个数据库第一次使用时的不同',
      'LIANKE_SECRET_KEY differs from the one this database was first used with',
    );
}
