import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { Runner } from '../src/engine/flows/runner.js';
import { RunsService } from '../src/engine/flows/runs.service.js';
import { OutboundError, type OutboundHttp, type OutboundRequest } from '../src/kernel/outbound/outbound-http.js';
import { BlockFlows, literal, note, ref } from './support/block-flows.js';

/** Another system: answers what the test says and remembers what it was asked. */
class Target implements OutboundHttp {
  asked: OutboundRequest[] = [];
  answers: (number | 'lost')[] = [];

  async request(request: OutboundRequest) {
    this.asked.push(request);
    const answer = this.answers.shift() ?? 200;
    if (answer === 'lost') throw new OutboundError('network', 'connection reset');
    return { status: answer, headers: {}, body: Buffer.from(JSON.stringify({ id: 'E-1' })), url: request.url };
  }
}

const target = new Target();
let app: BlockFlows;
beforeAll(async () => {
  app = await BlockFlows.start(target);
});
afterAll(() => app.close());
beforeEach(() => {
  target.asked = [];
  target.answers = [];
});

describe('calls of other systems', () => {
  const call = (name: string, more: Record<string, unknown> = {}, failed = false) => ({
    trigger: app.startedBy(name),
    nodes: [
      {
        id: 'http',
        type: 'http',
        url: literal('https://erp.example.com/customers'),
        body: {
          kind: 'text',
          parts: [{ text: '{"name":"' }, { ref: { source: 'trigger', path: 'name' } }, { text: '"}' }],
        },
        ...more,
      },
      {
        id: 'write',
        type: 'updateRecord',
        target: 'trigger',
        assignments: [{ field: 'note', value: ref('http', 'body.id') }],
      },
      ...(failed ? [note('sorry', '没有同步')] : []),
    ],
    edges: [
      { from: 'trigger', to: 'http' },
      { from: 'http', to: 'write', port: 'next' },
      ...(failed ? [{ from: 'http', to: 'sorry', port: 'failed' }] : []),
    ],
  });

  it('send what the record says and hand the answer to later nodes', async () => {
    await app.withFlow(call('接口成功'), async () => {
      const record = await app.create(app.customers, { name: '接口成功' });
      await app.drain();
      expect(target.asked).toMatchObject([{ method: 'POST', body: '{"name":"接口成功"}' }]);
      expect((await app.valuesOf(app.customers, record)).note).toBe('E-1');
    });
  });

  it('carry the same key in every attempt, and are sent again only when that cannot act twice', async () => {
    await app.withFlow(call('接口重试', { keyHeader: 'Idempotency-Key' }), async () => {
      target.answers = ['lost', 200];
      const record = await app.create(app.customers, { name: '接口重试' });
      await app.drain();
      await app.leasesEnd();
      await app.drain();
      const keys = target.asked.map((request) => request.headers?.['Idempotency-Key']);
      expect(keys).toHaveLength(2);
      expect(keys[0]).toMatch(/^[0-9a-f-]{36}:http:0$/);
      expect(keys[1]).toBe(keys[0]);
      expect((await app.valuesOf(app.customers, record)).note).toBe('E-1');
    });
    await app.withFlow(call('接口不明'), async () => {
      target.asked = [];
      target.answers = ['lost'];
      const record = await app.create(app.customers, { name: '接口不明' });
      await app.drain();
      await app.leasesEnd();
      await app.drain();
      expect(target.asked).toHaveLength(1);
      const run = await app.runOf(record);
      expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('先到对方系统确认') });
      // A person has looked and lets it go on.
      await app.whole.get(RunsService).retry(await app.ctxOf(), run.id);
      await app.drain();
      expect(target.asked).toHaveLength(2);
      expect((await app.runOf(record)).state).toBe('done');
    });
  });

  it('a worker that died between sending and noting leaves the question to a person', async () => {
    await app.withFlow(call('接口中断'), async () => {
      const record = await app.create(app.customers, { name: '接口中断' });
      while ((await app.whole.get(Dispatcher).work()) || (await app.whole.get(Runner).work()));
      await app.sql(
        `UPDATE lianke.step SET output = '{"attempts":1,"sent":true}' WHERE state = 'calling' AND node = 'http'`,
      );
      await app.drain();
      expect(target.asked).toHaveLength(0);
      expect(await app.runOf(record)).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('没有收到结果'),
      });
    });
  });

  it('take the way for failure when there is one, else the run fails with the status', async () => {
    await app.withFlow(call('接口拒绝', {}, true), async () => {
      target.answers = [400];
      const record = await app.create(app.customers, { name: '接口拒绝' });
      await app.drain();
      expect((await app.valuesOf(app.customers, record)).note).toBe('没有同步');
      expect((await app.runOf(record)).state).toBe('done');
    });
    await app.withFlow(call('接口拒绝二'), async () => {
      target.answers = [404];
      const record = await app.create(app.customers, { name: '接口拒绝二' });
      await app.drain();
      expect(await app.runOf(record)).toMatchObject({ state: 'failed', error: '对方返回 404' });
    });
  });
});
