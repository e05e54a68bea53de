import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The process's Prometheus metrics and the helpers that record them. */
export interface Metrics {
  registry: Registry;
  /** Text of `/metrics`, and its content type. */
  expose(): Promise<{ contentType: string; body: string }>;
  /**
   * Records one answered request.
   * @param route the route's pattern (`/api/v1/forms/:formId`), never the path: paths would make unbounded series
   */
  observeHttp(sample: { method: string; route: string; status: number; seconds: number }): void;
  counter(name: string, help: string, labels?: string[]): Counter;
  gauge(name: string, help: string, read: () => number | Promise<number>): Gauge;
  histogram(name: string, help: string, labels?: string[], buckets?: number[]): Histogram;
}

/** Upper bounds in seconds; the finest steps are where the product's targets lie. */
const secondsBuckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** Creates a registry of its own, so that tests do not share one. */
export function createMetrics(options: { defaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.defaults ?? true) collectDefaultMetrics({ register: registry });
  const http = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers: [registry],
  });
  return {
    registry,
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    observeHttp: ({ method, route, status, seconds }) =>
      http.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds),
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: labels, registers: [registry] }),
    gauge: (name, help, read) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await read());
        },
      }),
    histogram: (name, help, labels = [], buckets = secondsBuckets) =>
      new Histogram({ name, help, labelNames: labels, buckets, registers: [registry] }),
  };
}
