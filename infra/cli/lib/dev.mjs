import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { startChild } from './child.mjs';
import { outlastPredecessor, recordSupervisor } from './holder.mjs';
import { at, homeFolder } from './paths.mjs';
import { portSetting, requireFreePort } from './ports.mjs';
import { tool } from './run.mjs';
import { sandboxSuites } from './sandbox-suites.mjs';
import { say } from './say.mjs';

const quietForMs = 250;
const loader = pathToFileURL(at('infra/cli/lib/typescript.mjs')).href;

// The console's development server; everything is opened through it, so that all share one origin.
const consolePort = 5173;

/**
 * `npm run dev`: everything from source. Server and sandbox restart on a change, the console reloads by itself, sandbox
 * page and mini-app are built again.
 */
export async function main() {
  const port = portSetting('PORT', 3000);
  const sandboxPort = portSetting('SANDBOX_PORT', 3100);
  await outlastPredecessor(homeFolder());
  await requireFreePort(port, 'PORT');
  await requireFreePort(sandboxPort, 'SANDBOX_PORT');
  // The bundlers of console and mini-app read shared's sources; programs outside of the loader read its build.
  await build(['shared', 'sandbox', 'miniapp']);
  recordSupervisor(homeFolder());
  const origin = `http://127.0.0.1:${port}`;
  const publicUrl = process.env.LIANKE_PUBLIC_URL || `http://127.0.0.1:${consolePort}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const logFolder = join(homeFolder(), 'logs');
  const common = { LIANKE_PUBLIC_URL: publicUrl };
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
        ...sandboxSuites(process.env),
      },
    }),
  ];
  const tools = [
    { name: 'console', cwd: 'console', script: tool('vite/bin/vite.js'), args: ['--host', '127.0.0.1'] },
    { name: 'sandbox page', cwd: 'infra/sandbox', script: tool('vite/bin/vite.js'), args: ['build', '--watch'] },
  ].map(({ name, cwd, script, args }) =>
    startChild({
      name: name.replace(' ', '-'),
      cwd: at(cwd),
      script,
      args,
      logFolder,
      env: { ...process.env, LIANKE_API: origin, LIANKE_SANDBOX: sandboxUrl },
      onLine: (line) => say(`[${name}] ${line}`),
    }),
  );
  say(`演示台 ${sandboxUrl}/  控制台 ${publicUrl}/  手机端 ${publicUrl}/m/`);
  watched.push(rebuilt('miniapp', ['miniapp/src', 'shared/src']));
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
    const watching = onChange(sources, async () => {
      await current.stop();
      if (stopping) return;
      say(`[${name}] 重新启动 / restarting`);
      current = begin();
    });
    return {
      async stop() {
        await watching.stop();
        await current.stop();
      },
    };
  }
}

/** Builds a part again whenever its sources change; a failure is told and the next change tries again. */
function rebuilt(part, sources) {
  return onChange(sources, () => build([part]).catch((error) => say(error.message)));
}

/** Calls `react` once per burst of changes, never twice at a time. */
function onChange(sources, react) {
  let timer;
  let reacting = Promise.resolve();
  const watchers = sources
    .filter((folder) => existsSync(at(folder)))
    .map((folder) =>
      watch(at(folder), { recursive: true }, (_, file) => {
        if (file && /\.spec\.tsx?$/.test(file)) return;
        clearTimeout(timer);
        timer = setTimeout(() => {
          reacting = reacting.then(react);
        }, quietForMs);
      }),
    );
  return {
    async stop() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      await reacting;
    },
  };
}
