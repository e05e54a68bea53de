import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.js';

describe('createMetrics', () => {
  it('exposes request durations by route pattern and status class', async () => {
    const metrics = createMetrics({ defaults: false });
    metrics.observeHttp({ method: 'GET', route: '/api/v1/forms/:formId', status: 204, seconds: 0.003 });
    metrics.observeHttp({ method: 'GET', route: '/api/v1/forms/:formId', status: 200, seconds: 0.3 });
    const { body, contentType } = await metrics.expose();
    expect(contentType).toContain('text/plain');
    expect(body).toContain(
      'http_request_duration_seconds_bucket{le="0.005",method="GET",route="/api/v1/forms/:formId",status="2xx"} 1',
    );
    expect(body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/v1/forms/:formId",status="2xx"} 2',
    );
  });

  it('reads gauges when asked, and counts', async () => {
    const metrics = createMetrics({ defaults: false });
    let depth = 1;
    metrics.gauge('queue_depth', 'Waiting', () => depth);
    metrics.counter('sent_total', 'Sent', ['channel']).inc({ channel: 'wecom' });
    depth = 7;
    const { body } = await metrics.expose();
    expect(body).toContain('queue_depth 7');
    expect(body).toContain('sent_total{channel="wecom"} 1');
  });

  it('keeps registries apart and offers process metrics', async () => {
    expect((await createMetrics().expose()).body).toContain('process_cpu_seconds_total');
    expect(() => [createMetrics(), createMetrics()]).not.toThrow();
  });
});
