import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsIn } from './boundaries.mjs';
import { startChild } from './child.mjs';
import { findChromium } from './chromium.mjs';
import { at } from './paths.mjs';
import { freePort, portSetting, requireFreePort } from './ports.mjs';
import { run } from './run.mjs';

const entries = ['start', 'dev', 'test', 'check', 'e2e', 'bench', 'soak', 'companies', 'db-reset'];

describe('entry scripts', () => {
  it.each(entries)('%s tells an old Node in one line which one is needed', async (name) => {
    const disguise = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`;
    const url = new URL(`../${name}.mjs`, import.meta.url).href;
    const { code, output } = await run(process.execPath, ['-e', `${disguise} import('${url}')`], { quiet: true });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([expect.stringMatching(/20\.19.*18\.20\.4/)]);
  });

  it.each([...entries, 'lib/node-version'])('%s has no syntax that an old Node cannot read', (name) => {
    const code = readFileSync(at('infra/cli', `${name}.mjs`), 'utf8').replace(/\/\/.*$/gm, '');
    expect(code).not.toMatch(/\?\.|\?\?|\bawait\b|#\w+|\bat\(|import [^'"]*node:/);
  });
});

describe('ports', () => {
  it('says which port is taken and how to change it', async () => {
    const server = createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();
    await expect(requireFreePort(port, 'PORT')).rejects.toThrow(new RegExp(`${port}.*PORT=${port + 1}`));
    await new Promise((done) => server.close(done));
    await expect(requireFreePort(port, 'PORT')).resolves.toBeUndefined();
  });

  it('finds a free one and reads settings strictly', async () => {
    expect(await freePort()).toBeGreaterThan(0);
    expect(portSetting('PORT', 3000, {})).toBe(3000);
    expect(portSetting('PORT', 3000, { PORT: '8080' })).toBe(8080);
    for (const bad of ['0', '65536', '80a', '-1', ' '])
      expect(() => portSetting('PORT', 3000, { PORT: bad })).toThrow('PORT');
  });
});

describe('findChromium', () => {
  it('believes CHROMIUM_PATH only if it exists', () => {
    expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
    expect(() => findChromium({ CHROMIUM_PATH: '/no/such/browser' })).toThrow('/no/such/browser');
  });
});

describe('startChild', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianke-进程 '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const drains = `
    process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });
    setInterval(() => undefined, 1000);
    console.log('{"level":"info"}');
    console.log('ready ' + process.pid);
  `;

  function write(name, code) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), code);
    return join(folder, name);
  }

  /** Starts a child and resolves with it once it printed a line. */
  function launched(script) {
    return new Promise((resolve) => {
      const child = startChild({
        name: 'sample',
        script,
        env: process.env,
        logFolder: folder,
        onLine: () => resolve(child),
      });
    });
  }

  it('separates what is for people from the log, and lets it drain before it ends', async () => {
    const child = await launched(write('drains.mjs', drains));
    await child.stop();
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(child.lines).toEqual([expect.stringMatching(/^ready/), 'drained']);
    expect(readFileSync(join(folder, 'sample.log'), 'utf8')).toContain('{"level":"info"}');
  });

  it('does not outlive its parent, even one killed with SIGKILL', async () => {
    const script = write('drains.mjs', drains);
    const parent = write(
      'parent.mjs',
      `import { startChild } from ${JSON.stringify(new URL('./child.mjs', import.meta.url).href)};
       startChild({ name: 'sample', script: ${JSON.stringify(script)}, env: process.env,
         logFolder: ${JSON.stringify(folder)}, onLine: (line) => console.log(line) });`,
    );
    const started = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise((resolve) => {
      started.stdout.setEncoding('utf8').on('data', (text) => resolve(Number(/ready (\d+)/.exec(text)?.[1])));
    });
    started.kill('SIGKILL');
    await expect.poll(() => gone(pid), { timeout: 10_000 }).toBe(true);
  });
});

function gone(pid) {
  try {
    process.kill(pid, 0);
    // Some containers never collect a dead orphan; as a zombie it still has its pid.
    return process.platform === 'linux' && /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

describe('boundaries', () => {
  it.each([
    ['server/src/kernel/a.ts', `import { x } from '../engine/x.js';`],
    ['server/src/kernel/a.ts', `import {\n  x,\n} from '../modules/x.js';`],
    ['server/src/engine/a.ts', `import type { x } from '../modules/x.js';`],
    ['server/src/engine/a.ts', `export { x } from '../modules/x.js';`],
    ['server/src/engine/a.ts', `const x = await import('../modules/x.js');`],
    ['shared/src/a.ts', `import { x } from '../../server/src/x.js';`],
    ['console/src/a.ts', `import { x } from '../../miniapp/src/x';`],
    ['server/src/engine/a.ts', `constructor(@InjectRepository(User) users) {}`],
    ['server/src/modules/a.ts', `await this.dataSource.query('select 1')`],
    ['server/src/modules/a.ts', `await fetch('https://example.com')`],
    ['server/src/modules/a.ts', `new Function('return 1')()`],
    ['miniapp/src/a.ts', `import { parse } from '@lianke/shared/fields/text/sheet';`],
  ])('refuses in %s: %s', (path, text) => {
    expect(problemsIn(path, text)).toHaveLength(1);
  });

  it.each([
    ['server/src/engine/a.ts', `import { x } from '../kernel/x.js';`],
    ['server/src/modules/a.ts', `import { x } from '../engine/x.js';\nimport { y } from '@lianke/shared/y';`],
    ['server/src/engine/a.ts', `// taken from '../modules/x.js'`],
    ['server/src/modules/a.ts', `const load = (fetch: () => Promise<void>) => fetch();`],
    ['server/src/kernel/redis/a.ts', `redis.eval(script, 1)`],
    ['console/src/a.ts', `await fetch('/api/v1/me')`],
  ])('accepts in %s: %s', (path, text) => {
    expect(problemsIn(path, text)).toEqual([]);
  });
});
