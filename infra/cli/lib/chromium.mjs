import { existsSync } from 'node:fs';
import { PlainError } from './say.mjs';

const places = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    if (!folder) return [];
    return [
      `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
      `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
    ];
  }),
};

/** Path of a Chromium or Chrome. @throws PlainError telling how to get one */
export function findChromium(env = process.env) {
  const given = env.CHROMIUM_PATH;
  if (given) {
    if (existsSync(given)) return given;
    throw new PlainError(`CHROMIUM_PATH=${given} 不存在 / CHROMIUM_PATH names no file`);
  }
  const found = (places[process.platform] ?? []).find((file) => existsSync(file));
  if (found) return found;
  throw new PlainError(
    '没有找到 Chromium 或 Chrome；Debian/Ubuntu 可运行 apt-get install chromium fonts-noto-cjk，其他系统请安装 Chrome，' +
      '或用 CHROMIUM_PATH 指定 / no Chromium or Chrome found; install one or set CHROMIUM_PATH',
  );
}
