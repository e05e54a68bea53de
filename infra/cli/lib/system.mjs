import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.mjs';
import { at } from './paths.mjs';
import { sandboxSuites } from './sandbox-suites.mjs';
import { PlainError, say, seconds } from './say.mjs';

const readyWithinMs = 180_000;

/**
 * Starts sandbox and server; `ready` resolves when both answer and rejects with a plain sentence when one ends before.
 * @param options.sandboxPort undefined: no sandbox, the platforms' real hosts
 * @param options.env environment to build upon
 */
export function launchSystem({ home, port, sandboxPort, env, quiet = false, onLine = say }) {
  const logFolder = join(home, 'logs');
  const origin = `http://${reachableHost(env.HOST)}:${port}`;
  const publicUrl = (env.LIANKE_PUBLIC_URL || origin).replace(/\/$/, '');
  const sandboxUrl = sandboxPort === undefined ? undefined : `http://127.0.0.1:${sandboxPort}`;
  const sandbox =
    sandboxUrl &&
    startChild({
      name: 'sandbox',
      script: at('infra/sandbox/dist/server/main.js'),
      logFolder,
      env: { ...env, SANDBOX_PORT: String(sandboxPort), LIANKE_PUBLIC_URL: publicUrl },
    });
  const startServer = () =>
    startChild({
      name: 'server',
      script: at('server/launch/start.cjs'),
      logFolder,
      onLine,
      env: {
        // glibc gives threads arenas of their own, which keep what imports and exports let go: 300 MB of it.
        MALLOC_ARENA_MAX: '2',
        ...env,
        PORT: String(port),
        LIANKE_HOME: home,
        ...(sandboxUrl
          ? { SANDBOX: 'on', WECOM_API_BASE: sandboxUrl, WECOM_OPEN_BASE: sandboxUrl, ...sandboxSuites(env) }
          : {}),
      },
    });
  const system = {
    origin,
    publicUrl,
    sandboxUrl,
    sandbox,
    server: startServer(),
    get children() {
      return [system.server, ...(sandbox ? [sandbox] : [])];
    },
    /** The server first: while it drains it may still talk to the sandbox. */
    async stop() {
      await system.server.stop();
      await sandbox?.stop();
    },
    /** Starts the server again after it was killed; resolves when it answers. */
    async restartServer() {
      system.server = startServer();
      await whenReady(system.server, `${origin}/readyz`);
    },
  };
  system.ready = (async () => {
    const start = performance.now();
    if (sandbox) await whenReady(sandbox, `${sandboxUrl}/`);
    if (sandbox && !quiet) say(`启动 演示台  ${seconds(start)}`);
    await whenReady(system.server, `${origin}/readyz`);
    if (!quiet) say(`启动 服务端与数据库  ${seconds(start)}`);
  })();
  return system;
}

/** Like {@link launchSystem}, resolving when it is ready; stops everything when it does not become so. */
export async function startSystem(options) {
  const system = launchSystem(options);
  try {
    await system.ready;
  } catch (error) {
    await system.stop();
    throw error;
  }
  return system;
}

function reachableHost(host) {
  if (!host || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Waits until the address answers with success, or the process ends. */
async function whenReady(child, url) {
  const until = performance.now() + readyWithinMs;
  while (performance.now() < until) {
    if (child.ended) throw new PlainError(explain(child));
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await pause(50);
  }
  throw new PlainError(
    `${child.name} 没有在 ${readyWithinMs / 1000} 秒内就绪，详见 ${child.logFile} / not ready in time, see its log`,
  );
}

/** Why a process did not start: its own words if it had any. The server's lines were shown as they came. */
function explain(child) {
  if (child.name === 'server' && child.lines.length > 0) return `服务端没有启动，详见 ${child.logFile} / see the log`;
  return child.lines.at(-1) ?? endedUnexpectedly(child);
}

/** What to say of a process that ended after it had been ready. */
export function endedUnexpectedly(child) {
  return `${child.name} 意外退出，详见 ${child.logFile} / it ended unexpectedly, see its log`;
}
