import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { PlainError, say, seconds } from './say.mjs';
import { withTemporarySystem } from './temporary-system.mjs';

/**
 * Keeps a system under requests for so many minutes, kills its server with SIGKILL at random moments and requires that
 * it comes back with the administrator's session still valid. Answers the counts and the slowest return in ms.
 */
export async function restartSoak(minutes) {
  const until = performance.now() + minutes * 60_000;
  return withTemporarySystem({ sandbox: false, pages: false }, async ({ system, adminPassword }) => {
    const token = await logIn(system.origin, adminPassword);
    let kills = 0;
    let requests = 0;
    let slowest = 0;
    while (performance.now() < until) {
      const killAt = performance.now() + 2_000 + Math.random() * 10_000;
      while (performance.now() < killAt) {
        await whoAmI(system.origin, token);
        requests += 1;
        await pause(20);
      }
      system.server.child.kill('SIGKILL');
      await system.server.exited;
      kills += 1;
      const start = performance.now();
      await system.restartServer();
      await whoAmI(system.origin, token);
      slowest = Math.max(slowest, performance.now() - start);
      say(`第 ${kills} 次强制结束后恢复  ${seconds(start)}`);
    }
    return { minutes, requests, kills, slowestReturnMs: Math.round(slowest) };
  });
}

/** The first company is made after the server has begun to answer: until then nobody can log in. */
async function logIn(origin, password) {
  const until = performance.now() + 60_000;
  for (;;) {
    const response = await fetch(`${origin}/api/v1/auth/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant: 'demo', account: 'admin', password }),
    });
    if (response.ok) return (await response.json()).token;
    const answer = await response.text();
    if (response.status !== 401 || performance.now() > until)
      throw new PlainError(`登录失败（${response.status}） / log-in failed: ${answer}`);
    await pause(500);
  }
}

async function whoAmI(origin, token) {
  const response = await fetch(`${origin}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new PlainError(`/api/v1/me 答复 ${response.status} / unexpected answer`);
  await response.arrayBuffer();
}
