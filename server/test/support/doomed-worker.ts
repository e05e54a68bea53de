import { createApp } from '../../src/create-app.js';
import { UndiciHttp } from '../../src/kernel/outbound/undici-http.js';
import { signalAtPoint } from './crash-points.js';
import { kernelParts } from './kernel-parts.js';
import { withoutSockets } from './without-sockets.js';

// A worker process that loads everything, waits for its orders on stdin, and works until its point comes.
const [ownerUrl = '', appUrl = '', systemUrl = '', name = '', target = ''] = process.argv.slice(2);
const orders = new Promise<{ point: number; signal: 'SIGKILL' | 'SIGSTOP'; now: string }>((resolve) =>
  process.stdin.once('data', (data) => resolve(JSON.parse(String(data)))),
);
console.log('loaded');
void orders.then(async ({ point, signal, now }) => {
  const { outbound } = signalAtPoint(point, signal);
  const kernel = await kernelParts({ ownerUrl, appUrl, systemUrl }, name, now, { standstillMs: 4000 });
  await createApp({
    ...kernel,
    config: { ...kernel.config, role: 'worker' },
    outbound: withoutSockets(outbound(new UndiciHttp({ trustedHosts: [target] }))),
  });
  console.log('running');
});
