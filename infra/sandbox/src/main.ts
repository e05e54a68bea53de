import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { seedSchema } from './seed.js';
import { createSandbox } from './server.js';

const environment = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(3100),
  SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  SANDBOX_SEED: z.string().optional(),
  SANDBOX_STATE: z.string().min(1).optional(),
  SANDBOX_PUBLIC_URL: z.url().optional(),
  LIANKE_PUBLIC_URL: z.url().default('http://127.0.0.1:3000'),
});

function fail(message: string): never {
  process.stderr.write(`沙箱没有启动：${message}\n`);
  process.exit(1);
}

function readSeed(path: string) {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    fail(`SANDBOX_SEED=${path} 读不出 JSON：${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = seedSchema.safeParse(value);
  if (!parsed.success)
    fail(
      `SANDBOX_SEED=${path} 不合要求：${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('；')}`,
    );
  return parsed.data;
}

async function main(): Promise<void> {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success)
    fail(parsed.error.issues.map((issue) => `环境变量 ${issue.path.join('.')}：${issue.message}`).join('；'));
  const env = parsed.data;
  const sandbox = await createSandbox({
    port: env.SANDBOX_PORT,
    host: env.SANDBOX_HOST,
    publicUrl: env.LIANKE_PUBLIC_URL,
    pushTickets: true,
    ...(env.SANDBOX_PUBLIC_URL ? { selfUrl: env.SANDBOX_PUBLIC_URL } : {}),
    ...(env.SANDBOX_STATE ? { stateFile: env.SANDBOX_STATE } : {}),
    ...(env.SANDBOX_SEED ? { seed: readSeed(env.SANDBOX_SEED) } : {}),
  });
  process.stdout.write(`演示台 ${sandbox.url}\n`);
  const stop = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    fail(`端口 ${process.env.SANDBOX_PORT ?? 3100} 已被占用，请关掉占用它的程序，或设置 SANDBOX_PORT`);
  if (code === 'EACCES') fail(`没有权限使用端口 ${process.env.SANDBOX_PORT ?? 3100}，请设置 SANDBOX_PORT 为 1024 以上`);
  fail(error instanceof Error ? error.message : String(error));
});
