import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app.js';
import { buildKernel, type Kernel } from './kernel/build-kernel.js';
import { loadConfig } from './kernel/config/config.js';
import { StartupError } from './kernel/config/startup-error.js';
import { createLogger } from './kernel/logging/logger.js';
import { DemoSeed } from './modules/demo/demo-seed.js';

/** Starts one process: API, workers, or both (ROLE), and stops it cleanly on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ level: config.logLevel, role: config.role });
  for (const line of config.warnings) logger.warn(line);
  const kernel: Kernel = await buildKernel(config, logger);
  let app: NestFastifyApplication | undefined;
  try {
    app = await createApp(kernel);
    await kernel.jobs.open();
    if (config.role !== 'worker') await listen(app, config.host, config.port);
    if (config.role !== 'api') await kernel.jobs.run();
    stopOnSignals(async () => {
      await app?.close();
      await kernel.close();
    });
    await app.get(DemoSeed).prepare();
  } catch (error) {
    await app?.close().catch(() => undefined);
    await kernel.close();
    throw error;
  }
}

async function listen(app: NestFastifyApplication, host: string, port: number): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new StartupError(
        `端口 ${port} 已被占用，请关闭占用它的程序，或用 PORT 指定别的端口`,
        `port ${port} is taken; close what uses it, or set PORT`,
      );
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES')
      throw new StartupError(
        `不能在 ${host}:${port} 上监听（${code}），请检查 HOST 与 PORT`,
        `cannot listen on ${host}:${port} (${code}); check HOST and PORT`,
      );
    throw error;
  }
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const end = () => {
    if (stopping) return;
    stopping = true;
    void stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

main().catch((error: unknown) => {
  if (error instanceof StartupError) process.stderr.write(`${error.lines.join('\n')}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
