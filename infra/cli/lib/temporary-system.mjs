import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, everything } from './build.mjs';
import { freePort } from './ports.mjs';
import { say } from './say.mjs';
import { startSystem } from './system.mjs';

/** Password of the first administrator in temporary systems. */
export const adminPassword = 'lianke-e2e-password';

const ours = /^(LIANKE_|DATABASE_|REDIS_URL$|WECOM_|DINGTALK_|S3_|SANDBOX|PORT$|HOST$|ROLE$)/;

/**
 * Builds and starts a complete system on free ports with a data folder of its own, runs `work` with it and removes it;
 * without the sandbox or the pages (console, mini-app) where these are not wanted. The operator's own settings do not
 * reach it.
 */
export async function withTemporarySystem({ sandbox = true, pages = true, env: extra = {} } = {}, work) {
  const unwanted = [...(sandbox ? [] : ['sandbox']), ...(pages ? [] : ['console', 'miniapp'])];
  await build(everything.filter((part) => !unwanted.includes(part)));
  const home = mkdtempSync(join(tmpdir(), 'lianke-system-'));
  // Started as root, the database's own account has to get through here.
  chmodSync(home, 0o755);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    LIANKE_ADMIN_PASSWORD: adminPassword,
    ...extra,
  };
  let system;
  const stop = async () => {
    await system?.stop();
    rmSync(home, { recursive: true, force: true });
  };
  const onSignal = () => void stop().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, onSignal);
  try {
    const port = await freePort();
    const sandboxPort = sandbox ? await freePort() : undefined;
    const errors = [];
    system = await startSystem({ home, port, sandboxPort, env, onLine: (line) => errors.push(line) }).catch((error) => {
      for (const line of errors) say(line);
      throw error;
    });
    return await work({ system, home, adminPassword, databaseUrl: databaseUrl(home) });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, onSignal);
    await stop();
  }
}

/** Administrator's connection to the embedded database of a home, the way the server itself reaches it. */
function databaseUrl(home) {
  const folder = join(home, 'postgres');
  const { port, folder: place } = JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8'));
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  const data = join(place, 'data');
  const through = existsSync(join(data, `.s.PGSQL.${port}`)) ? `?host=${encodeURIComponent(data)}` : '';
  return `postgres://lianke_superuser:${password}@127.0.0.1:${port}/lianke${through}`;
}
