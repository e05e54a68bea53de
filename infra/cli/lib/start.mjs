import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { build, everything } from './build.mjs';
import { outlastPredecessor, recordSupervisor } from './holder.mjs';
import { homeFolder } from './paths.mjs';
import { portSetting, requireFreePort } from './ports.mjs';
import { PlainError, say, seconds } from './say.mjs';
import { endedUnexpectedly, launchSystem } from './system.mjs';

/** `npm start`: builds what is missing or stale, starts everything, prints where to go. */
export async function main() {
  const begin = performance.now();
  const env = { ...process.env };
  const port = portSetting('PORT', 3000);
  const withSandbox = wantsSandbox(env);
  const sandboxPort = withSandbox ? portSetting('SANDBOX_PORT', 3100) : undefined;
  requireWritable(homeFolder());
  await outlastPredecessor(homeFolder());
  await requireFreePort(port, 'PORT', env.HOST || undefined);
  if (sandboxPort !== undefined) await requireFreePort(sandboxPort, 'SANDBOX_PORT');
  await build(withSandbox ? everything : everything.filter((part) => part !== 'sandbox'));

  recordSupervisor(homeFolder());
  const system = launchSystem({ home: homeFolder(), port, sandboxPort, env });
  let stopping = false;
  const stop = async () => {
    // Pressed again: the second time means at once.
    if (stopping) for (const { child } of system.children) child.kill('SIGKILL');
    else say('\n正在停止…（再按一次立即结束） / stopping');
    stopping = true;
    await system.stop();
    say('已停止 / stopped');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());

  try {
    await system.ready;
    announce(system, seconds(begin));
    const ended = await Promise.race(system.children.map((child) => child.exited.then(() => child)));
    throw new PlainError(`${endedUnexpectedly(ended)}；全部已停止 / everything was stopped`);
  } catch (error) {
    // Ended because we asked: `stop` has the last word.
    if (stopping) return;
    stopping = true;
    await system.stop();
    throw error;
  }
}

function requireWritable(home) {
  try {
    mkdirSync(join(home, 'logs'), { recursive: true });
    accessSync(join(home, 'logs'), constants.W_OK);
  } catch (error) {
    throw new PlainError(
      `数据文件夹 ${home} 不能写入（${error.code}）；请检查权限，或用 LIANKE_HOME 指定别处 / ` +
        'the data folder is not writable; check its permissions, or set LIANKE_HOME',
    );
  }
}

// Whoever names the platforms' hosts, or a database of their own, is not trying the demo.
function wantsSandbox(env) {
  if (env.SANDBOX) return ['on', 'true', '1'].includes(env.SANDBOX);
  return !env.WECOM_API_BASE && !env.WECOM_OPEN_BASE && !env.DATABASE_URL;
}

function announce(system, took) {
  const { publicUrl, sandboxUrl, server } = system;
  say('');
  say(`准备好了，用时 ${took} / ready`);
  say('');
  if (sandboxUrl) say(`  演示台  ${sandboxUrl}/    先打开这里：两部手机，跟着十个步骤走 / open this first`);
  say(`  控制台  ${publicUrl}/    ${sandboxUrl ? '在演示台里用手机扫码登录' : '用账号 admin 登录'} / console`);
  say(`  手机端  ${publicUrl}/m/    在手机浏览器里打开，或点演示台里的手机 / mini-app`);
  say('');
  say(`按 Ctrl-C 停止；日志在 ${server.logFile} / press Ctrl-C to stop`);
}
