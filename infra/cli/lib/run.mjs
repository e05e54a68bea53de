import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './paths.mjs';
import { PlainError } from './say.mjs';

/**
 * Runs a program without a shell.
 * @param options.quiet collects the output instead of showing it
 * @returns {Promise<{code: number | null, output: string}>}
 */
export function run(file, args, options = {}) {
  const { quiet = false, cwd = root, env = process.env } = options;
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      windowsHide: true,
    });
    let output = '';
    for (const stream of quiet ? [child.stdout, child.stderr] : []) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', fail);
    child.once('close', (code) => done({ code, output }));
  });
}

/** Runs a script of Node. */
export function node(args, options) {
  return run(process.execPath, args, options);
}

// npm is a shell script on most systems and a .cmd on Windows; its JavaScript runs the same everywhere.
function npmScript() {
  const besideNode = dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    join(besideNode, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(besideNode, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(besideNode, '..', 'share', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  const found = candidates.find((file) => file && /npm-cli\.js$/.test(file) && existsSync(file));
  if (!found) throw new PlainError('找不到 npm，请用 npm start 启动 / npm was not found; start with npm start');
  return found;
}

/** Runs `npm run <script>` in one workspace. */
export function npmRun(script, workspace, options) {
  return node([npmScript(), 'run', '--silent', script, `--workspace=${workspace}`], options);
}

/** Path of a JavaScript program inside node_modules. */
export function tool(path) {
  const file = join(root, 'node_modules', path);
  if (!existsSync(file)) {
    throw new PlainError('依赖还没有安装，请先运行 npm ci / the dependencies are not installed; run npm ci first');
  }
  return file;
}
