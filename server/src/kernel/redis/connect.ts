import { Redis } from 'ioredis';
import { StartupError } from '../config/startup-error.js';

const oldest = { major: 6, minor: 2 };

/**
 * Connects to Redis and checks its version (≥ 6.2).
 * @throws StartupError with one clear line when it does not answer
 */
export async function connectRedis(url: string, onError: (error: unknown) => void): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    // A command fails rather than waits while Redis is away: limits and messages have their own way out.
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(200 * attempt, 5_000),
  });
  const shown = new URL(url).host;
  let last: unknown;
  const remember = (error: unknown) => {
    last = error;
  };
  redis.on('error', remember);
  try {
    await redis.connect();
    const version = /redis_version:(\d+)\.(\d+)/.exec(await redis.info('server'));
    const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
    if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
      throw new StartupError(
        `REDIS_URL（${shown}）是 Redis ${major}.${minor}，需要 ${oldest.major}.${oldest.minor} 或更新`,
        `REDIS_URL (${shown}) is Redis ${major}.${minor}; ${oldest.major}.${oldest.minor} or newer is needed`,
      );
    }
  } catch (error) {
    redis.disconnect();
    if (error instanceof StartupError) throw error;
    const reason = (last as Error | undefined)?.message || (error as Error).message;
    throw new StartupError(
      `连接不上 REDIS_URL（${shown}）：${reason}`,
      `cannot connect to REDIS_URL (${shown}): ${reason}`,
    );
  }
  redis.off('error', remember);
  redis.on('error', onError);
  return redis;
}
