import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from './seed.js';
import { AGENT, type Bench, bench, CORP } from './testing/support.js';

let folder: string;
let stateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), '演示 台-'));
  stateFile = join(folder, 'state.bin');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A person's chats, without those with customers: nothing ever changes in them. */
async function withoutCustomers(sandbox: Bench): Promise<unknown[]> {
  const { json } = await sandbox.api('GET', `people/wangfang/chats?corpId=${CORP}`);
  return (json.items as { external?: object }[]).filter((chat) => !chat.external);
}

const body = { touser: 'wangfang', agentid: AGENT, msgtype: 'text', text: { content: '你好' } };

describe('the state file', () => {
  it('carries messages, tokens, the clock and the walk over a restart', async () => {
    const first = await bench({ stateFile });
    const token = await first.token();
    // The walk is made in 我的企业.
    Object.assign(first.state.wecom.world.corps.get(CORP) ?? {}, { tenant: 'mine' });
    await first.wecom('message/send', { body });
    const robot = `${first.url}/cgi-bin/webhook/send?key=${defaultSeed.wecom[0]?.groups[0]?.robots[0]?.key}`;
    await fetch(robot, { method: 'POST', body: JSON.stringify({ msgtype: 'text', text: { content: '大家好' } }) });
    await first.api('POST', 'clock/advance', { days: 1 });
    await first.api('POST', 'steps/flow', { done: true });
    await first.close();

    const second = await bench({ stateFile });
    expect(await second.token()).not.toBe(token);
    expect(await withoutCustomers(second)).toMatchObject([
      { unread: 1, messages: [{ content: { text: '你好' } }] },
      { unread: 1, messages: [{ content: { text: '大家好' } }] },
    ]);
    expect((await second.api('GET', 'clock')).json.ahead).toBe(86_400_000);
    const { items } = (await second.api('GET', 'steps')).json as { items: { key: string; state: string }[] };
    expect(items.filter((step) => step.state === 'done').map((step) => step.key)).toEqual(['flow', 'customer']);
    expect((await second.api('GET', 'effects')).json).toMatchObject({ asked: 1, delivered: 1 });
    await second.close();
  });

  it.each([
    ['unreadable', 'rubbish', defaultSeed],
    ['of another seed', null, { ...defaultSeed, wecom: defaultSeed.wecom.slice(0, 1) }],
  ])('that is %s counts as none', async (_name, content, seed) => {
    const first = await bench({ stateFile });
    await first.wecom('message/send', { body });
    await first.close();
    if (content !== null) writeFileSync(stateFile, content);
    const second = await bench({ stateFile, seed });
    expect(await withoutCustomers(second)).toMatchObject([{ messages: [] }, { messages: [] }]);
    await second.close();
  });
});
