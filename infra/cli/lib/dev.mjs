import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { startChild } from './child.mjs';
import { at, homeFolder } from './paths.mjs';
import { portSetting, requireFreePort } from './ports.mjs';
import { tool } from './run.mjs';
import { say } from './say.mjs';

const quietForMs = 250;
const loader = pathToFileURL(at('infra/cli/lib/typescript.mjs')).href;

/**
 * `npm run dev`: everything from source. Server and sandbox restart on a change; console, sandbox page and mini-app
 * reload by themselves.
 */
export async function main() {
  const port = portSetting('PORT', 3000);
  const sandboxPort = portSetting('SANDBOX_PORT', 3100);
  await requireFreePort(port, 'PORT');
  await requireFreePort(sandboxPort, 'SANDBOX_PORT');
  // The bundlers of console and mini-app read shared's sources; programs outside of the loader read its build.
  await build(['shared', 'sandbox', 'miniapp']);
  const origin = `http://127.0.0.1:${port}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const logFolder = join(homeFolder(), 'logs');
  const common = { LIANKE_PUBLIC_URL: process.env.LIANKE_PUBLIC_URL || origin };
  const watched = [
    watchedProcess({
      name: 'sandbox',
      script: at('infra/sandbox/src/main.ts'),
      sources: ['infra/sandbox/src', 'shared/src'],
      env: { ...process.env, ...common, SANDBOX_PORT: String(sandboxPort) },
    }),
    watchedProcess({
      name: 'server',
      script: at('server/src/main.ts'),
      sources: ['server/src', 'shared/src'],
      env: {
        ...process.env,
        ...common,
        PORT: String(port),
        LIANKE_HOME: homeFolder(),
        SANDBOX: 'on',
        WECOM_API_BASE: sandboxUrl,
        WECOM_OPEN_BASE: sandboxUrl,
      },
    }),
  ];
  const tools = [
    { name: 'console', cwd: 'console', script: tool('vite/bin/vite.js'), args: ['--host', '127.0.0.1'] },
    {
      name: 'miniapp',
      cwd: 'miniapp',
      script: tool('@tarojs/cli/bin/taro'),
      args: ['build', '--type', 'h5', '--watch'],
    },
    { name: 'sandbox page', cwd: 'infra/sandbox', script: tool('vite/bin/vite.js'), args: ['build', '--watch'] },
  ].map(({ name, cwd, script, args }) =>
    startChild({
      name: name.replace(' ', '-'),
      cwd: at(cwd),
      script,
      args,
      logFolder,
      env: { ...process.env, LIANKE_API: origin },
      onLine: (line) => say(`[${name}] ${line}`),
    }),
  );
  say(`演示台 ${sandboxUrl}/  控制台 http://127.0.0.1:5173/  手机端 ${origin}/m/`);
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await Promise.all([...watched.map((each) => each.stop()), ...tools.map((each) => each.stop())]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
  await new Promise(() => undefined);

  function watchedProcess({ name, script, sources, env }) {
    const begin = () =>
      startChild({
        name,
        script,
        logFolder,
        env,
        nodeArgs: ['--import', loader],
        onLine: (line) => say(`[${name}] ${line}`),
      });
    let current = begin();
    let timer;
    let restarting = Promise.resolve();
    const restart = () => {
      restarting = restarting.then(async () => {
        await current.stop();
        if (stopping) return;
        say(`[${name}] 重新启动 / restarting`);
        current = begin();
      });
    };
    const watchers = sources
      .filter((folder) => existsSync(at(folder)))
      .map((folder) =>
        watch(at(folder), { recursive: true }, (_, file) => {
          if (file && /\.spec\.tsx?$/.test(file)) return;
          clearTimeout(timer);
          timer = setTimeout(restart, quietForMs);
        }),
      );
    return {
      async stop() {
        for (const watcher of watchers) watcher.close();
        await restarting;
        await current.stop();
      },
    };
  }
}
