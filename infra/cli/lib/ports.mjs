import { createServer } from 'node:net';
import { holderOf } from './holder.mjs';
import { homeFolder } from './paths.mjs';
import { PlainError } from './say.mjs';

/** A free port of this machine; the number itself when a fixed one is asked for and free, else undefined. */
export function freePort(port = 0, host = '127.0.0.1') {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen(port, host, () => {
      const found = server.address().port;
      server.close(() => done(found));
    });
  });
}

/** @throws PlainError naming the port, the setting that changes it, and our own running process if that is the reason */
export async function requireFreePort(port, setting, host) {
  if ((await freePort(port, host)) !== undefined) return;
  const pid = await holderOf(homeFolder());
  if (pid !== undefined) {
    throw new PlainError(`联客已在运行（进程 ${pid}，端口 ${port}） / already running, pid ${pid}`);
  }
  throw new PlainError(
    `端口 ${port} 已被其他程序占用；请关闭它，或换一个端口：${setting}=${port + 1} npm start / ` +
      `port ${port} is taken; close what uses it, or set ${setting}`,
  );
}

/** Reads a port setting. */
export function portSetting(name, fallback, env = process.env) {
  const text = env[name];
  if (!text) return fallback;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new PlainError(
    `设置 ${name}=${text} 有误，应为 1 到 65535 的整数 / ${name}=${text} must be an integer from 1 to 65535`,
  );
}
