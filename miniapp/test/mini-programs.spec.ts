import { describe, expect, test, vi } from 'vitest';
import { bundle } from '../../infra/e2e/src/mini-host/bundle.js';
import { MiniHost } from '../../infra/e2e/src/mini-host/host.js';
import { demoBackend } from './demo-backend.js';

describe.each(['weapp', 'dd'] as const)('the %s bundle', (platform) => {
  test('logs in through the chat app, shows customers and draws a dashboard without an error', {
    timeout: 300_000,
  }, async () => {
    const { backend, seen, dashboardId } = demoBackend();
    const host = new MiniHost({ root: bundle(platform), platform, backend, loginCode: () => 'code-of-wangfang' });
    const shows = (text: string) =>
      vi.waitFor(() => expect(host.text()).toContain(text), { timeout: 10_000, interval: 20 });

    host.open('pages/workbench/index');
    await shows('王芳 · 演示企业');
    await shows('今天没有待办');
    const login = seen.find((request) => request.url.endsWith('/code'));
    expect(login?.url).toContain(platform === 'dd' ? '/auth/dingtalk/code' : '/auth/wecom/code');
    expect(login?.body).toEqual({
      connectionId: platform === 'dd' ? 'c-dingtalk' : 'c-wecom',
      code: 'code-of-wangfang',
      client: 'miniprogram',
    });

    host.open('pages/customers/index');
    await shows('贵州茅台酒股份有限公司');
    expect(host.text()).toContain('58 万元');

    const visit = host.byText('记拜访');
    expect(visit && host.fire(visit, 'tap')).toBeGreaterThan(0);
    expect(host.route).toBe('pages/visit/index');
    await shows('跟进内容');

    host.open(`report/pages/dashboard/index?id=${dashboardId}`);
    await shows('趋势');
    await vi.waitFor(() => expect(host.text()).toContain('71%'), { timeout: 10_000, interval: 20 });
    // Charts are drawn a moment after their canvases exist.
    await vi.waitFor(() => expect(host.paintedCanvases()).toBe(4), { timeout: 10_000, interval: 50 });
    expect(host.problems).toEqual([]);
  });
});
